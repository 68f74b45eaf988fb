"""What an import and its dry run tell about a file as a whole, beside the rows that were refused."""
