"""Take plain rows, the theme's look and the words of a language; draw charts; give Vega-Lite specs with their data."""
