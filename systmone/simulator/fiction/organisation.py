"""The invented trust unit: sites, staff, types of everything, and its diary's free slots."""

from datetime import date, datetime, time, timedelta

from systmone.simulator.clock import LOCAL, written
from systmone.simulator.documents import Element, build
from systmone.simulator.fiction.codes import DRUGS, READINGS, TERMS
from systmone.simulator.fiction.names import WARDS

MAIN_SITE = "Fernhollow Hospital"
SLOT_TYPES = ("Slot", "Telephone Appointment Slot")
CLINIC_TYPES = (
    "Ward Review Clinic",
    "Physical Health Clinic",
    "Psychology Clinic",
    "Nurse Clinic",
    "Session",
)
TASK_TYPES = ("General Task", "Admin Task", "Clinical Review", "Discharge Planning")
LETTER_TYPES = (
    "Miscellaneous",
    "Clinic Letter",
    "Discharge Summary",
    "Tribunal Report",
    "Mental Health Act Paperwork",
)
NURSE = ("Nurse Access Role", "S8000:G8000:R8001", "NMC")
DOCTOR = ("Consultant", "S0010:G0010:R0250", "GMC")
CLERK = ("Admin/Clinical Support Access Role", "S8002:G8003:R8008", "")

# title, first name, middle names, surname, user name, gender, job, group
STAFF = (
    ("Ms", "Morwenna", "Jane", "Tregear", "mtregear", "F", NURSE, "Byron Nurses"),
    ("Dr", "Anselm", "", "Okonjo", "aokonjo", "M", DOCTOR, "Doctors"),
    ("Dr", "Zofia", "", "Wiśniewska", "zwisniewska", "F", DOCTOR, "Doctors"),
    ("Mr", "Dafydd", "Rhys", "Prosser", "dprosser", "M", NURSE, "Byron Nurses"),
    ("Mrs", "Chloé", "", "Marchbank", "cmarchbank", "F", NURSE, "Shelley Nurses"),
    ("Mr", "Tunde", "", "Adeyemi-Hall", "tadeyemihall", "M", NURSE, "Keats Nurses"),
    ("Ms", "Farrah", "", "Siddall", "fsiddall", "F", NURSE, "Wordsworth Nurses"),
    ("Mr", "Ewan", "", "Strachan", "estrachan", "M", NURSE, "Dickinson Nurses"),
    ("Miss", "Bronagh", "", "Keane", "bkeane", "F", CLERK, "Ward Clerks"),
)
CURRENT_USER = "mtregear"
CLINICIANS = ("aokonjo", "zwisniewska", "dprosser")
NUMERIC_CODES_SINCE = "2013-10-09T11:07:46"
SLOT_DAYS = 14
SLOT_TIMES = (time(9), time(9, 30), time(10), time(10, 30), time(11), time(11, 30))
SLOT_MINUTES = "30"


def sites() -> Element:
    """Return the hospital, and a clinic of which less is known."""
    hospital = build(
        "Site",
        [
            build("Name", MAIN_SITE),
            build("ID", "ZZ901"),
            build("Telephone", "01632960100"),
            build("Fax", "01632960101"),
            build("Email", "reception@fernhollow.example"),
            _address("Fernhollow Hospital", "Alder Lane", "Fernhollow", "ZZ99 3VZ"),
            build("PrimarySite"),
            build("CurrentSite"),
        ],
    )
    clinic = build(
        "Site",
        [
            build("Name", "Stanbeck Day Clinic"),
            build("ID", "ZZ902"),
            build("Telephone", "01632960200"),
            _address("Mill House", "Kiln Yard", "Stanbeck", "ZZ99 3CZ"),
        ],
    )
    return build("Sites", [hospital, clinic])


def users() -> Element:
    """Return the staff; one is logged on."""
    return build("Users", [_user(row, number) for number, row in enumerate(STAFF)])


def _user(
    row: tuple[str, str, str, str, str, str, tuple[str, str, str], str], number: int
) -> Element:
    title, first, middle, surname, user_name, gender, (role, code, register), group = row
    user = build(
        "User",
        [
            build("Title", title),
            build("FirstName", first),
            build("MiddleNames", middle),
            build("Surname", surname),
            build("UserName", user_name),
            build("Gender", gender),
            build("Role", role),
            build("RoleCode", code),
            build("NationalID", str(9900100 + number) if register else ""),
            build("NationalIDType", register),
            build("AccessRights", [build("Access", "can view and amend clinical records")]),
            build("UserGroups", [build("Group", group), build("Group", "All Staff")]),
        ],
    )
    if user_name == CURRENT_USER:
        user.append(build("CurrentUser"))
    return user


def clinician_name(user_name: str) -> str:
    """Return how SystmOne signs for this member of staff."""
    return next(f"{row[3].upper()}, {row[1]}" for row in STAFF if row[4] == user_name)


def types() -> list[Element]:
    """Return the containers of plain names."""
    groups = ("All Staff", "Doctors", "Ward Clerks", *(f"{ward} Nurses" for ward in WARDS))
    return [
        build("SlotTypes", [build("SlotType", name) for name in SLOT_TYPES]),
        build("ClinicTypes", [build("ClinicType", name) for name in CLINIC_TYPES]),
        build("TaskTypes", [build("TaskType", name) for name in TASK_TYPES]),
        build("LetterTypes", [build("LetterType", name) for name in LETTER_TYPES]),
        build("UserGroups", [build("Group", name) for name in groups]),
        build("DataExtracts", [build("Name", "Data Extract 1"), build("Name", "Ward Extract")]),
    ]


def dictionary() -> list[Element]:
    """Return the codes that the unit knows in both schemes, and the units of numeric ones."""
    return [
        build("Codes", [build("Code", CTV3=t.ctv3, Snomed=t.snomed, Term=t.words) for t in TERMS]),
        build("Drugs", [build("Drug", Multilex=d.multilex, Dmd=d.dmd, Name=d.name) for d in DRUGS]),
        build(
            "NumericCodes",
            [
                build(
                    "NumericReadCodeUnits",
                    [
                        build("Code", reading.term.ctv3),
                        build("Units", reading.units),
                        build("CreatedDate", NUMERIC_CODES_SINCE),
                    ],
                )
                for reading in READINGS
            ],
        ),
    ]


def slots(today: date) -> Element:
    """Return the clinics' slots of the next working days."""
    days = [today + timedelta(days=day) for day in range(SLOT_DAYS)]
    return build(
        "Slots",
        [
            _slot(number, clinician, day, start)
            for day in days
            if day.weekday() < 5
            for number, clinician in enumerate(CLINICIANS)
            for start in SLOT_TIMES
        ],
    )


def _slot(number: int, clinician: str, day: date, start: time) -> Element:
    moment = datetime.combine(day, start, LOCAL)
    return build(
        "Slot",
        uid=f"{clinician}-{moment:%Y%m%d%H%M}",
        UserName=clinician,
        SiteName=MAIN_SITE,
        ClinicType=CLINIC_TYPES[number],
        SlotType=SLOT_TYPES[start.minute > 0],
        DateTimeStart=written(moment),
        Duration=SLOT_MINUTES,
    )


def _address(house: str, road: str, town: str, postcode: str) -> Element:
    return build(
        "Address",
        [
            build("HouseName", house),
            build("HouseNumber"),
            build("Road", road),
            build("Town", town),
            build("Postcode", postcode),
        ],
    )
