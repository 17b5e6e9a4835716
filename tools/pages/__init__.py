"""The course as HTML pages, which load nothing from anywhere else."""
