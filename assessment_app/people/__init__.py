"""Who is assessed: units, employees, and the import of personnel spreadsheets."""
