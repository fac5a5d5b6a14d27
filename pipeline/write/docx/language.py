"""Take a language tag; complete it with the region that Word's proofing wants; give the full tag."""

from __future__ import annotations

_REGIONS = {
    "cs": "CZ", "da": "DK", "de": "DE", "el": "GR", "en": "GB", "es": "ES", "et": "EE", "fi": "FI", "fr": "FR",
    "ga": "IE", "hr": "HR", "hu": "HU", "it": "IT", "lt": "LT", "lv": "LV", "nl": "NL", "no": "NO", "pl": "PL",
    "pt": "PT", "ro": "RO", "sk": "SK", "sl": "SI", "sv": "SE",
}  # fmt: skip


def full_language(language: str) -> str:
    """Return `en-GB` for `en`; a tag with a region or of an unknown language stays as it is."""
    tag = language.replace("_", "-") or "en"
    return f"{tag}-{_REGIONS[tag]}" if tag in _REGIONS else tag
