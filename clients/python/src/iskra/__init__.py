"""Send the vitals of agents and services to Iskra.

>>> import iskra
>>> iskra.report("agent-7", clarity=0.8, chaos=0.4)  # doctest: +SKIP
"""

from iskra.client import Client, Stats, close, flush, report

__all__ = ["Client", "Stats", "close", "flush", "report"]
