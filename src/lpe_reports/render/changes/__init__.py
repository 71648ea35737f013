"""What differs between two versions of the site: pages, key figures, and what has been."""
