"""The report as one self-contained page: templates, style and script lie beside this file and are inlined."""
