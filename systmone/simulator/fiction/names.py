"""Names and words for invented people."""

WARDS = ("Byron", "Shelley", "Keats", "Wordsworth", "Dickinson")

FEMALE_NAMES = (
    "Agnieszka", "Amara", "Beatrice", "Carys", "Désirée", "Edith", "Fatima", "Gwen", "Hana",
    "Ingrid", "Josephine", "Keisha", "Lucille", "Małgorzata", "Nadia", "Olwen", "Priya", "Renée",
    "Saoirse", "Tamsin", "Ursula", "Violet", "Wanda", "Yasmin", "Zoë",
)  # fmt: skip

MALE_NAMES = (
    "Aaron", "Bartłomiej", "Caleb", "Desmond", "Elijah", "Farouk", "Gareth", "Hamish", "Idris",
    "Jerome", "Kofi", "Leopold", "Mohammed", "Niall", "Owain", "Paweł", "Quentin", "René",
    "Samir", "Tobias", "Umar", "Vincent", "Wilfred", "Yusuf", "Zachary",
)  # fmt: skip

SURNAMES = (
    "Abernathy", "Ashdown", "Bellweather", "Brontë", "Castellan", "Dunmore", "Eddowes",
    "Fairbrother", "Featherstone", "Garside", "Hathersage", "Ibbotson", "Jaggar", "Kowalczyk",
    "Lisle", "Łukasik", "Merriweather", "Nightingale", "O'Dowd", "Pemberton", "Quarmby",
    "Ravenscroft", "Satterthwaite", "Thackray", "Underhill", "Vasquez", "Wolstenholme", "Xavier",
    "Yardley", "Zielińska",
)  # fmt: skip

ROADS = (
    "Alder Lane", "Beck Side", "Chapel Rise", "Dove Street", "Elm Terrace", "Foundry Road",
    "Glebe Close", "Hollin Bank", "Ivy Grove", "Juniper Way", "Kiln Yard", "Larch Avenue",
)  # fmt: skip

TOWNS = (
    ("Fernhollow", "ZZ99 3VZ"),
    ("Upper Marling", "ZZ99 3WZ"),
    ("Stanbeck", "ZZ99 3CZ"),
    ("Coldwater Bridge", "ZZ99 3GZ"),
)

NOTES = (
    "Settled on approach, ate lunch in the dining room and spoke about plans for the weekend.",
    "Declined group work today. One-to-one time offered and taken, low in mood but no plans of "
    "self-harm voiced.",
    "Slept from 23:30 to 06:00. Observations at every fifteen minutes carried out as planned.",
    "Telephone call with the family, who will bring clothes on Sunday. Patient pleased with this.",
    "Medication accepted. No side effects reported; fluids encouraged.",
    "Returned from ground leave on time, in good spirits. Leave form updated.",
    "Rights under section 132 explained and understood. Leaflet given.",
)
