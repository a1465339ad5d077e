"""A small clinical dictionary: pairs of codes, drugs and units.

The pairs serve to show translation; they are no source for clinical use.
"""

from typing import NamedTuple


class Term(NamedTuple):
    """One clinical idea in both schemes."""

    ctv3: str
    snomed: str
    words: str


class Drug(NamedTuple):
    """One product in both schemes."""

    multilex: str
    dmd: str
    name: str


class Reading(NamedTuple):
    """A numeric code, its units, and the range in which invented readings lie."""

    term: Term
    units: str
    least: float
    most: float


SINGLE = Term("XE0oZ", "125681006", "Single person")
MARRIED = Term("XE0oa", "87915002", "Married")
WHITE_BRITISH = Term("XaFwD", "494131000000105", "White British")
ENGLISH = Term("XaG5t", "310461009", "Main spoken language English")
POLISH = Term("XaG5x", "315578006", "Main spoken language Polish")

DIAGNOSES = (
    Term("E2B..", "35489007", "Depressive disorder"),
    Term("Eu31.", "13746004", "Bipolar affective disorder"),
    Term("Eu20.", "58214004", "Schizophrenia"),
    Term("X00RP", "69322001", "Psychotic disorder"),
)
HISTORY = (
    Term("H33..", "195967001", "Asthma"),
    Term("X505K", "43116000", "Eczema"),
    Term("C10..", "73211009", "Diabetes mellitus"),
    Term("137P.", "77176002", "Cigarette smoker"),
)
READINGS = (
    Reading(Term("22A..", "27113001", "O/E - weight"), "kg", 52, 118),
    Reading(Term("229..", "50373000", "O/E - height"), "m", 1.5, 1.95),
    Reading(Term("2469.", "271649006", "O/E - Systolic BP reading"), "mmHg", 98, 158),
    Reading(Term("246A.", "271650006", "O/E - Diastolic BP reading"), "mmHg", 58, 96),
    Reading(Term("242..", "364075005", "O/E - pulse rate"), "bpm", 54, 104),
)
SECTION = Term("XaEFS", "135840009", "Detained in hospital under Mental Health Act")
DEMOGRAPHIC = (SINGLE, MARRIED, WHITE_BRITISH, ENGLISH, POLISH)
TERMS = (*DEMOGRAPHIC, *DIAGNOSES, *HISTORY, *(reading.term for reading in READINGS), SECTION)

DRUGS = (
    Drug("1004531", "322280009", "Paracetamol 500mg soluble tablets"),
    Drug("1006214", "321987003", "Olanzapine 10mg tablets"),
    Drug("1007385", "321926002", "Sertraline 50mg tablets"),
    Drug("1008122", "321720000", "Lorazepam 1mg tablets"),
)
