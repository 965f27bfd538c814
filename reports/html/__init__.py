"""The report as one self-contained page: templates, styles and scripts beside this file are inlined."""
