"""Reads survival cases as JSON on stdin, writes what scikit-survival says of each; with weights the definition over all pairs in NumPy."""
import sys
from pathlib import Path

import numpy as np
from sksurv.exceptions import NoComparablePairException
from sksurv.metrics import concordance_index_censored, concordance_index_ipcw

sys.path.append(str(Path(__file__).parents[1]))
from reference import answer, value  # noqa: E402


def pairs(time, event):
    """Of each event the rows that outlived it; of those with its own duration the censored ones."""
    longer = time[None, :] > time[:, None]
    censored = (time[None, :] == time[:, None]) & ~event[None, :]
    return event[:, None] & (longer | censored)


def censoring(time, event, w):
    """Kaplan-Meier of the censoring at each row's duration, an event first."""
    share = np.ones(len(time))
    for row, until in enumerate(time):
        for at in np.unique(time[(time <= until) & ~event]):
            cut = w[(time == at) & ~event].sum()
            share[row] *= 1 - cut / (w[time >= at].sum() - w[(time == at) & event].sum())
    return share


def by_definition(time, event, risk, w, tau):
    both = w[:, None] * w[None, :] * pairs(time, event)
    agree = (risk[:, None] > risk[None, :]) + 0.5 * (risk[:, None] == risk[None, :])
    with np.errstate(all="ignore"):
        found = {"concordance_index": value(lambda: (both * agree).sum() / both.sum())}
        share = censoring(time, event, w)
        for name, end in (("concordance_index_ipcw", np.inf), (f"concordance_index_ipcw{{tau={tau}}}", tau)):
            own = np.where(event & (time < end), 1 / share**2, 0)[:, None] * both
            found[name] = value(lambda: (own * agree).sum() / own.sum())
    return found


def by_peer(time, event, risk, tau):
    y = np.array(list(zip(event, time)), dtype=[("event", bool), ("time", float)])

    def index(compute):
        try:
            return value(lambda: compute()[0])
        except NoComparablePairException:
            return None

    found = {
        "concordance_index": index(lambda: concordance_index_censored(event, time, risk, tied_tol=0)),
        "concordance_index_ipcw": index(lambda: concordance_index_ipcw(y, y, risk, tied_tol=0)),
        f"concordance_index_ipcw{{tau={tau}}}": index(
            lambda: concordance_index_ipcw(y, y, risk, tau=tau, tied_tol=0)
        ),
    }
    try:
        _, agreeing, reversed_, tied, _ = concordance_index_censored(event, time, risk, tied_tol=0)
        found |= {"concordant": int(agreeing), "discordant": int(reversed_), "tiedRisk": int(tied)}
    except (NoComparablePairException, ValueError):
        pass
    return found


def survival(case):
    time, risk = np.array(case["durations"], dtype="float64"), np.array(case["risks"], dtype="float64")
    event = np.array(case["events"], dtype=bool)
    if case["weights"] is None:
        return by_peer(time, event, risk, case["tau"])
    w = np.array(case["weights"], dtype="float64")
    keep = w > 0
    return by_definition(time[keep], event[keep], risk[keep], w[keep], case["tau"])


answer(survival)
