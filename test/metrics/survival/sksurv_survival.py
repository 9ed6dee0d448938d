"""Reads survival cases as JSON on stdin, writes what scikit-survival says of each; with weights the definition over all pairs in NumPy."""
import sys
from pathlib import Path

import numpy as np
from sksurv.exceptions import NoComparablePairException
from sksurv.metrics import brier_score, concordance_index_censored, concordance_index_ipcw, integrated_brier_score

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


def brier_by_definition(time, event, w, at, chance):
    """Nothing where no row was seen beyond the time: then the chance of censoring may be 0."""
    if not (time > at).any():
        return None
    share = censoring(time, event, w)
    until = time <= at
    share_at = share[until][np.argmax(time[until])] if until.any() else 1.0
    with np.errstate(all="ignore"):
        gone, left = np.where(until & event, chance**2 / share, 0), np.where(~until, (1 - chance) ** 2 / share_at, 0)
    return float((w * (gone + left)).sum() / w.sum())


def brier(time, event, w, survivals, is_peer):
    found, points = {}, []
    # scikit-survival refuses rows that are all censored, and times before the first row.
    is_peer = is_peer and event.any()
    y = np.array(list(zip(event, time)), dtype=[("event", bool), ("time", float)])
    for at, chance in survivals:
        own = brier_by_definition(time, event, w, at, chance)
        if is_peer and own is not None and time.min() <= at:
            own = float(brier_score(y, y, chance, at)[1][0])
        found[f"brier@{at:g}"] = own
        points.append((at, own, chance))
    points.sort(key=lambda one: one[0])
    times, values = [one[0] for one in points], [one[1] for one in points]
    whole = None if None in values else float(np.trapezoid(values, times) / (times[-1] - times[0]))
    if whole is not None and is_peer and time.min() <= times[0]:
        whole = float(integrated_brier_score(y, y, np.column_stack([one[2] for one in points]), times))
    return found | {"integrated_brier": whole}


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
    survivals = [(one["time"], np.array(one["values"], dtype="float64")) for one in case["survivals"]]
    if case["weights"] is None:
        return by_peer(time, event, risk, case["tau"]) | brier(time, event, np.ones(len(time)), survivals, True)
    w = np.array(case["weights"], dtype="float64")
    keep = w > 0
    kept = [(at, chance[keep]) for at, chance in survivals]
    found = by_definition(time[keep], event[keep], risk[keep], w[keep], case["tau"])
    return found | brier(time[keep], event[keep], w[keep], kept, False)


answer(survival)
