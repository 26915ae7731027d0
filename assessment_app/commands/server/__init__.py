"""``proasn run-server``: the platform of a data centre on this machine, made and kept by one parent.

PostgreSQL with two databases, Redis, several exam processes, Celery workers by queue, beat, and nginx with TLS in
front; all of it lives in one folder and reads the files of ``deploy``, which the units and the compose file read too.
"""
