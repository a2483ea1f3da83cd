"""Problems in and out: folders of CSV files with a plan.toml, and Excel workbooks."""
