"""Who is paid beside who works here: a personnel list compared with a payroll list. It reports and stops no pay."""
