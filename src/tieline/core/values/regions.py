"""States and provinces of the United States, Canada and Mexico, by code and by name."""

from __future__ import annotations

# USPS codes and ISO 3166-2:CA; no code stands for two of these.
_US = """AL ALABAMA;AK ALASKA;AZ ARIZONA;AR ARKANSAS;CA CALIFORNIA;CO COLORADO;CT CONNECTICUT;
DE DELAWARE;DC DISTRICT OF COLUMBIA;FL FLORIDA;GA GEORGIA;HI HAWAII;ID IDAHO;IL ILLINOIS;IN INDIANA;
IA IOWA;KS KANSAS;KY KENTUCKY;LA LOUISIANA;ME MAINE;MD MARYLAND;MA MASSACHUSETTS;MI MICHIGAN;
MN MINNESOTA;MS MISSISSIPPI;MO MISSOURI;MT MONTANA;NE NEBRASKA;NV NEVADA;NH NEW HAMPSHIRE;
NJ NEW JERSEY;NM NEW MEXICO;NY NEW YORK;NC NORTH CAROLINA;ND NORTH DAKOTA;OH OHIO;OK OKLAHOMA;
OR OREGON;PA PENNSYLVANIA;RI RHODE ISLAND;SC SOUTH CAROLINA;SD SOUTH DAKOTA;TN TENNESSEE;TX TEXAS;
UT UTAH;VT VERMONT;VA VIRGINIA;WA WASHINGTON;WV WEST VIRGINIA;WI WISCONSIN;WY WYOMING;GU GUAM;
PR PUERTO RICO;VI VIRGIN ISLANDS;AS AMERICAN SAMOA;MP NORTHERN MARIANA ISLANDS"""
_CANADA = """AB ALBERTA;BC BRITISH COLUMBIA;MB MANITOBA;NB NEW BRUNSWICK;
NL NEWFOUNDLAND AND LABRADOR;NS NOVA SCOTIA;NT NORTHWEST TERRITORIES;NU NUNAVUT;ON ONTARIO;
PE PRINCE EDWARD ISLAND;QC QUEBEC;SK SASKATCHEWAN;YT YUKON"""
# ISO 3166-2:MX. Three letters: in two, BC and CO would be British Columbia and Colorado.
_MEXICO = """AGU AGUASCALIENTES;BCN BAJA CALIFORNIA;BCS BAJA CALIFORNIA SUR;CAM CAMPECHE;
CHP CHIAPAS;CHH CHIHUAHUA;COA COAHUILA;COL COLIMA;CMX CIUDAD DE MEXICO;DUR DURANGO;GUA GUANAJUATO;
GRO GUERRERO;HID HIDALGO;JAL JALISCO;MEX ESTADO DE MEXICO;MIC MICHOACAN;MOR MORELOS;NAY NAYARIT;
NLE NUEVO LEON;OAX OAXACA;PUE PUEBLA;QUE QUERETARO;ROO QUINTANA ROO;SLP SAN LUIS POTOSI;
SIN SINALOA;SON SONORA;TAB TABASCO;TAM TAMAULIPAS;TLA TLAXCALA;VER VERACRUZ;YUC YUCATAN;
ZAC ZACATECAS"""
_OTHER_NAMES = {
    "D C": "DC",
    "US VIRGIN ISLANDS": "VI",
    "CALIF": "CA",
    "WASH": "WA",
    "ORE": "OR",
    "TEX": "TX",
    "ARIZ": "AZ",
    "FLA": "FL",
    "NEWFOUNDLAND": "NL",
    "BAJA CALIFORNIA NORTE": "BCN",
    "MEXICO CITY": "CMX",
    "DISTRITO FEDERAL": "CMX",
    "COAHUILA DE ZARAGOZA": "COA",
    "MICHOACAN DE OCAMPO": "MIC",
    "VERACRUZ DE IGNACIO DE LA LLAVE": "VER",
}


def _table(text: str) -> dict[str, str]:
    pairs = (item.strip().partition(" ") for item in text.split(";"))
    return {code: name for code, _, name in pairs}


US_STATES = _table(_US)
PROVINCES = _table(_CANADA)
MEXICAN_STATES = _table(_MEXICO)

# Mexican codes are left out: three letters at the end of a place are most often something else.
_CODES = {code: code for code in (*US_STATES, *PROVINCES)}
_NAMES = {
    name: code for table in (MEXICAN_STATES, PROVINCES, US_STATES) for code, name in table.items()
} | _OTHER_NAMES


def state_by_code(text: str) -> str:
    """The USPS or Canadian two-letter code that the text (upper case) is; empty if none."""
    return _CODES.get(text, "")


def state_by_name(text: str) -> str:
    """The code of the state or province with this name (ASCII capitals); empty if none."""
    return _NAMES.get(text, "")


def country_of_state(code: str) -> str:
    """The ISO alpha-2 code of the country of a state's code; empty if the code is unknown."""
    if code in US_STATES:
        return "US"
    if code in PROVINCES:
        return "CA"
    return "MX" if code in MEXICAN_STATES else ""
