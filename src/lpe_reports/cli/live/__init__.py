"""`lpe preview REPORT`: one page in the browser, made again as its files are saved."""
