"""Assembles the default battery from the demonstration items: two parallel forms of each blueprint, timed and compared.

.venv/bin/python benchmarks/battery.py
"""

from __future__ import annotations

import time

from item_bank import assembly, blueprints, demonstration
from item_bank.pool import Parameters, Pool
from item_bank.stock import Stocked


def main() -> None:
    """Assemble every pair, check that it shares nothing, and print one row for it."""
    stock = [Stocked(item, 1, one.instrument, True) for one in demonstration.stocks() for item in one.items]
    print(f"{'blueprint':<20}{'stock':>6}{'items':>7}{'seconds':>9}{'cpu s':>7}{'difference':>12}{'words':>16}")
    for blueprint in blueprints.samples():
        pool = Pool([one for one in stock if one.instrument == blueprint.instrument], blueprint, Parameters(), {})
        begun, spent = time.perf_counter(), time.process_time()
        forms = assembly.parallel(pool, 2)
        seconds, cpu = time.perf_counter() - begun, time.process_time() - spent
        one, other = ({*form.versions} for form in forms.forms)
        assert not one & other, "two forms share an item"
        words = " ".join(str(form.words) for form in forms.forms)
        print(
            f"{blueprint.code:<20}{len(pool.items):>6}{blueprint.length:>7}{seconds:>9.2f}{cpu:>7.2f}"
            f"{assembly.largest_difference(forms):>12.1%}{words:>16}"
        )


if __name__ == "__main__":
    main()
