"""What commands that import files tell beside the import itself."""
