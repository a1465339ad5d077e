"""The how-to guides of the seven audit types: demo content, to be verified by the trust."""

from dataclasses import dataclass

from library.models import Guide, GuideStep


@dataclass(frozen=True)
class GuideText:
    """A guide as it is written: each step is a title and what to do."""

    slug: str
    title: str
    summary: str
    steps: tuple[tuple[str, str], ...]


# fmt: off
FRIDGE_TEMPERATURE = GuideText(
    "fridge-temps",
    "Medicines fridge temperature",
    "Once a day, on the early shift: show that the medicines have stayed between 2 °C and 8 °C.",
    (
        ("Read the current temperature",
         "Read the display before you open the door. Where the fridge has a second, independent "
         "thermometer, read that too."),
        ("Read the lowest and the highest",
         "Call up the minimum and the maximum since the thermometer was last reset."),
        ("Compare with the range",
         "All three must lie between 2 °C and 8 °C. Do not explain a high maximum away, for "
         "example by a delivery that was being put in: treat it as out of range and ask "
         "pharmacy."),
        ("Record",
         "Enter current, minimum and maximum on the Assurance Dashboard, and say whether they "
         "are in range."),
        ("Reset the thermometer",
         "Reset minimum and maximum after recording, so that tomorrow's reading covers one day."),
        ("Look inside",
         "Air can move round the packs, nothing touches the back plate, there is no ice, and "
         "there is nothing but medicines: no food, drink or specimens. Take out what has "
         "expired. Lock the door."),
        ("If it is out of range: do not use, do not throw away",
         "Move the medicines to another monitored fridge and mark them “quarantined, do not "
         "use”. Call pharmacy, out of hours the on-call pharmacist, with the temperatures and "
         "how long they may have lasted; pharmacy decides pack by pack. Arrange doses that are "
         "due now, tell the nurse in charge, report the fridge to estates and complete an "
         "incident report."),
    ),
)

WATER_TEMPERATURE = GuideText(
    "water-temps",
    "Hot and cold water temperature",
    "Once a day, on the late shift: hot enough to keep legionella down, and safe to the skin.",
    (
        ("Choose today's outlets",
         "Follow the ward's rota: the outlets nearest to and farthest from the water heater, "
         "and those that are seldom used."),
        ("Measure with the probe, never with your hand",
         "Wipe the probe and hold it in the stream. Water at 60 °C scalds within seconds: keep "
         "patients away while you run it."),
        ("Cold taps",
         "Run for two minutes. The water must be below 20 °C."),
        ("Hot taps without a mixing valve",
         "Run for one minute. The water must have reached 50 °C; many trusts ask for 55 °C in "
         "health care buildings, so go by the value in your water safety plan."),
        ("Outlets with a thermostatic mixing valve",
         "Let the temperature settle. Basins and showers must not pass 41 °C, baths 44 °C."),
        ("Flush what is seldom used",
         "Run showers and taps that have not been used lately for as long as the rota says, the "
         "shower head low or in a bag to keep spray down."),
        ("If a value is out of range",
         "Too hot at a mixed outlet: take it out of use at once, with a sign, and call estates "
         "as urgent. Not hot enough, or cold water too warm: report it to estates the same "
         "shift, for the water safety group. Tell the nurse in charge."),
        ("Record",
         "Enter each outlet and its temperature on the Assurance Dashboard, and what you flushed."),
    ),
)

WALKAROUND = GuideText(
    "walkaround",
    "Shift walkaround",
    "At every change of shift: the nurse who leaves and the one who comes walk the ward together.",
    (
        ("Walk together",
         "One nurse of each shift, every room that patients can reach, the garden included. "
         "Take the board or the tablet with you."),
        ("See every patient",
         "Each patient is seen, and is breathing and comfortable if asleep. Compare with the "
         "board: who is on leave, until when, and on which level of observation."),
        ("Doors, windows and fire exits",
         "What should be locked is locked, window restrictors hold, fire exits open and are free."),
        ("Keys, alarms and radios",
         "Count them against the list. Each member of staff on duty wears a tested alarm."),
        ("Clinic room",
         "Locked, medicine cupboards and trolley locked, the emergency bag sealed, the ligature "
         "cutters in their place."),
        ("Look for what does not belong",
         "Damage, wet floors, sharps, lighters, plastic bags, cords, glass, furniture moved "
         "under a fitting. Make it safe first, then report it."),
        ("Record",
         "Complete the walkaround on the Assurance Dashboard. Tell the nurse in charge of "
         "anything that you could not make safe, and hand it over in words."),
    ),
)

CONTROLLED_DRUGS = GuideText(
    "controlled-drugs",
    "Controlled drugs count",
    "Once a day, on the early shift: two registered nurses count the stock against the register.",
    (
        ("Two registered nurses, both from start to end",
         "One of them is the nurse in charge or holds the keys on their behalf. Do not start "
         "while either of you may be called away."),
        ("Check the keys and the cupboard",
         "The keys were in the possession of the nurse in charge, and the cupboard is locked "
         "and undamaged."),
        ("Count each drug against its page",
         "One nurse counts, the other reads the balance from the register. Go by the register, "
         "page by page, so that an empty shelf is noticed as well. Leave tamper-evident seals "
         "closed."),
        ("Liquids and patients' own drugs",
         "Check liquids by sight and measure only as the trust's policy says. Count patients' "
         "own controlled drugs on their own pages."),
        ("Check dates and what is no longer needed",
         "Set apart, still inside the cupboard, what has expired or belonged to a patient who "
         "has left, and ask pharmacy to collect or destroy it."),
        ("Sign and record",
         "Both sign the stock check in the register with date and time. Then enter the number "
         "of lines and any discrepancy on the Assurance Dashboard."),
        ("If a balance is wrong",
         "Count again together and check the last entries and sums. Never alter or cross out an "
         "entry. If it stays unexplained, tell the ward manager and pharmacy at once, out of "
         "hours the on-call manager and pharmacist, and complete an incident report; the "
         "controlled drugs accountable officer is told."),
        ("Lock",
         "Lock the cupboard, check it, and give the keys back to the nurse in charge."),
    ),
)

RESUSCITATION_EQUIPMENT = GuideText(
    "resus-check",
    "Resuscitation equipment",
    "Once a day, on the early shift: the emergency equipment is complete and works now.",
    (
        ("Place and seal",
         "The trolley or bag stands in its place, free to reach. The seal is whole and its "
         "number is the one recorded last. If not, open it and check everything against the "
         "contents list."),
        ("Defibrillator",
         "The self-test indicator shows ready. Pads are sealed and in date, a spare set, razor "
         "and shears are there, and the battery is charged."),
        ("Oxygen",
         "The cylinder is at least three quarters full, in date, and flows when you open it. "
         "Close it again. Mask with reservoir and tubing are attached."),
        ("Suction",
         "Switch on, block the tubing, and see the vacuum build. Catheters are there, and the "
         "battery goes back on charge."),
        ("Airway and breathing",
         "Bag-valve mask, masks, airways in all sizes and pocket mask are packed and undamaged."),
        ("Emergency medicines and cutters",
         "The sealed boxes for anaphylaxis, low blood sugar and opioid overdose are in date, "
         "and so are the sealed supplies. Ligature cutters are there."),
        ("If something is missing, expired or broken",
         "Replace it now, from stock or from the ward named in the trust's plan. Until then the "
         "nurse in charge and the next ward know which ward's equipment is used in an "
         "emergency. Report the fault."),
        ("Seal and record",
         "Fit a new seal if you opened it, and enter seal number, expiry found first and result "
         "on the Assurance Dashboard."),
    ),
)

FIRE_SAFETY = GuideText(
    "fire-safety",
    "Fire safety",
    "Once a week: everyone could leave the ward quickly, and nothing invites a fire.",
    (
        ("Ways out",
         "Walk each escape route to its end outside. It is lit, free of beds, trolleys and "
         "boxes, and the last door opens as it should."),
        ("Fire doors",
         "They close fully by themselves, are not wedged open, and their seals are whole."),
        ("Extinguishers and call points",
         "Each is in its place, visible and within its service date; the pin of the "
         "extinguisher is in. Keys for locked call points are with the staff."),
        ("Alarm panel",
         "It shows no fault and no part switched off. Note that estates has done the weekly test."),
        ("People",
         "The fire warden of every shift is named. Each patient who needs help to leave has an "
         "evacuation plan that staff know, and evacuation aids are in place."),
        ("What may start a fire",
         "Lighters and vapes are dealt with as the search policy says, chargers and sockets are "
         "undamaged, dryer filters are clean, the bins in the garden are empty."),
        ("Report and record",
         "Put right what you can now. Report the rest to estates and the fire safety adviser, "
         "an exit or alarm that does not work as urgent, and tell the nurse in charge. Complete "
         "the check on the Assurance Dashboard."),
    ),
)

LIGATURE_POINTS = GuideText(
    "ligature-check",
    "Ligature points",
    "Every night: walk all rooms with the ligature risk map, and report what is new.",
    (
        ("Take the current map",
         "Use the ward's ligature risk assessment of this year, with the rooms, the known "
         "points and what is agreed about each. If the map is out of date, say so in the "
         "record."),
        ("Walk every room",
         "Bedrooms, bathrooms, corridors, lounge, garden, store rooms left open. Knock, say who "
         "you are, use a dimmed torch and keep patients' dignity and sleep."),
        ("Check the known points",
         "What was agreed is in place: the door is locked, the area is in view, the patient is "
         "on the level of observation that the plan says."),
        ("Look for new ones",
         "Damaged or loosened fittings, gaps, exposed pipes, handles, closers and hinges, "
         "cables, cords, belts, torn sheets, furniture moved under a fitting."),
        ("Try the anti-ligature fittings",
         "Curtain and shower rails come down under a light pull, door-top alarms answer, and "
         "are set again afterwards."),
        ("Check the cutters",
         "Ligature cutters are whole and in every place on the map, and everyone on duty can say "
         "where that is."),
        ("Report a new point at once",
         "Stay, or lock the room, until it is safe. Tell the nurse in charge, who reviews the "
         "observations of patients at risk. Report it to estates as urgent, complete an "
         "incident report and ask for the map to be updated. Never just tidy it away and record "
         "“fine”."),
        ("Record",
         "Enter rooms walked, new points and what was done on the Assurance Dashboard."),
    ),
)
# fmt: on

GUIDES = (
    FRIDGE_TEMPERATURE,
    WATER_TEMPERATURE,
    WALKAROUND,
    CONTROLLED_DRUGS,
    RESUSCITATION_EQUIPMENT,
    FIRE_SAFETY,
    LIGATURE_POINTS,
)


def create_guides() -> None:
    """Store the guides, marked as demo content."""
    for text in GUIDES:
        guide = Guide.objects.create(
            slug=text.slug,
            title=text.title,
            summary=text.summary,
            verification=Guide.Verification.DEMO,
        )
        GuideStep.objects.bulk_create(
            GuideStep(guide=guide, position=position, title=title, text=instruction)
            for position, (title, instruction) in enumerate(text.steps, start=1)
        )
