"""The data contract in Swedish, as the site's pages say it."""
