"""What can be seen of succession; every question carries the agency.

``subjects`` reads who candidates are and what is on record of them, ``standings`` puts that together for one post,
``posts`` lists posts with their counts, ``acts`` reads what was done.
"""
