"""Take the bytes of finished documents; put them on disk, whole or not at all; the only room that writes."""
