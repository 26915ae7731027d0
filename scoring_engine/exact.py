"""Sums that no order can change, so that the same input gives the same bytes on any number of cores.

A matrix product adds up in an order that depends on the number of rows and of threads, and its last bits with it.
Numbers that are multiples of one power of two, with a sum below 2^53 of them, are added without any rounding: then
every order gives the same bits, and the fastest product can be used.
"""

import numpy as np

from scoring_engine.responses import Floats


def on_grid(values: Floats, bound: float) -> Floats:
    """Round numbers to multiples of a power of two so that sums of them stay exact; infinities stay.

    Parameters
    ----------
    values : any shape
    bound : float
        What no sum of absolute values that will be made of them can exceed, > 0.

    Returns
    -------
    the same shape
        Each within bound * 2^-51 of the number given.

    Source
    ------
    Demmel & Nguyen (2015), IEEE Transactions on Computers 64(7), 2060-2070: pre-rounding.
    """
    # Beside a number this large a double has no room for digits below bound * 2^-51: adding it rounds them off.
    big = 1.5 * 2.0 ** (np.ceil(np.log2(bound)) + 1)
    rounded: Floats = (values + big) - big
    return rounded


def total(columns: Floats) -> Floats:
    """Add up rows in their order; takes shape (terms, persons), returns (persons,), whatever stands beside a person.

    A single column would be added pairwise instead, and end in other bits than the same column among others.
    """
    if columns.shape[1] == 1:
        alone: Floats = np.add.reduce(np.repeat(columns, 2, axis=1), axis=0)[:1]
        return alone
    summed: Floats = np.add.reduce(columns, axis=0)
    return summed
