"""Whether a telephone number can be dialled by patients of a country, and at what cost."""

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberType, shortnumberinfo
from phonenumbers.shortnumberinfo import ShortNumberCost

COSTLY = (PhoneNumberType.PREMIUM_RATE, PhoneNumberType.PERSONAL_NUMBER)
NO_TELEPHONE = (PhoneNumberType.PAGER, PhoneNumberType.VOICEMAIL)
SHORT = 6
"""Up to how many digits a number is a short one, such as 111."""

PATTERN = re.compile(r"(\d)\1{6,}|^0?123456|1234567|9876543")
"""Digits that nobody was ever given."""

INVENTED = {
    1: r"\d{3}55501\d{2}",
    33: r"(?:19900|26191|35301|46571|53649|63998)\d{4}",
    44: r"\d{2,5}4960\d*|20794600?\d*|1[2-9]1496\d*|1632960\d*|3069990\d*|7700900\d*|8081570\d*",
    49: r"3023125\d+|6990009\d+|4066969\d+|2214710\d+|8999998\d+",
    61: r"[2378](?:5550|7010)\d{4}|491570\d{3}|49157[01]\d{3}|1800160401",
    353: r"2091\d{5}",
}
"""National numbers that are kept for stories and films, by the code of the country."""

NO_CLINIC = {
    "": (r"118\d{1,3}", "directory enquiries"),
    "AR": (r"11[03]", "directory enquiries or the time"),
    "AT": (r"15\d\d", "the time or recorded news"),
    "AU": (r"119[46]|12\d+", "the time, the weather or directory enquiries"),
    "BR": (r"1(?:02|30|34)", "directory enquiries or the time"),
    "CA": (r"[4567]11", "directory enquiries or the telephone company"),
    "CH": (r"16[1-4]|18\d\d", "the time, the weather or directory enquiries"),
    "CN": (r"11[47]|121(?:17|21)", "directory enquiries, the time or the weather"),
    "FR": (r"12|3699", "directory enquiries or the time"),
    "GB": (
        r"1(?:00|23|5[35]|9[125]|[45]71)",
        "the time, directory enquiries or the telephone company",
    ),
    "HK": (r"10[08]\d|1850\d", "directory enquiries, the time or the weather"),
    "IE": (r"1191|17\d\d\d?", "the time or the telephone company"),
    "IL": (r"1(?:44|55)", "directory enquiries or the time"),
    "IN": (r"19[78]", "directory enquiries"),
    "IT": (r"12\d\d|4161", "directory enquiries or the time"),
    "JP": (r"1(?:04|1[57]|77)", "directory enquiries, the time or the weather"),
    "KR": (r"11[46]|131", "directory enquiries, the time or the weather"),
    "MX": (r"0?[34]0", "directory enquiries or the time"),
    "NO": (r"188\d", "directory enquiries"),
    "NZ": (r"01[0-9]\d?", "the operator or directory enquiries"),
    "PL": (r"1922[0-9]|19226", "the time"),
    "SE": (r"905\d\d", "the time"),
    "US": (r"[45678]11", "directory enquiries or the telephone company"),
    "ZA": (r"102\d", "directory enquiries or the time"),
}
"""Short numbers at which no clinic answers, by country, and what does; "" is everywhere."""

KNOWN = re.compile(
    r"116\d{3}|GB:1(?:11|01)|AT:14(?:50|1)|BE:1733|CA:811|DK:1813|SE:1177|US:(?:988|[23]11)"
    r"|AU:13\d{4}"
)
"""Short numbers that patients do call, though no table says what they cost."""

MEANT = {"UK": "GB", "EN": "GB", "EL": "GR", "SP": "ES", "UAE": "AE", "JA": "JP", "KO": "KR"}
"""What is written for a country, and its letters."""


def is_country(country: str) -> bool:
    """Whether these are the two letters of a country that has telephones."""
    return country in phonenumbers.SUPPORTED_REGIONS


def meant_country(country: str) -> str | None:
    """The letters of the country that these are a slip of."""
    return MEANT.get(country)


def is_emergency(number: str, country: str) -> bool:
    """Whether whoever dials this, as it stands, calls for help."""
    digits = re.sub(r"[^\d+]", "", number)
    return shortnumberinfo.is_emergency_number(digits, country)


def is_short(number: str) -> bool:
    """Whether this is a number such as 111, which no country's code stands before."""
    return not number.startswith("+") and len(re.sub(r"\D", "", number)) <= SHORT


def fault(number: str, country: str) -> str:
    """Why patients cannot be given this number, or nothing.

    The digits are taken as they stand: with a zero in front, 0999 is not 999.
    """
    digits = re.sub(r"\D", "", number)
    parsed = _parsed(number, country)
    if is_short(number) and not phonenumbers.is_valid_number(parsed):
        return _short_fault(digits, country)
    if PATTERN.search(digits):
        return "is a placeholder: give the number that patients can call"
    if not phonenumbers.is_valid_number(parsed):
        return f"is no phone number of {country}: type it again, with its area code"
    kind = phonenumbers.number_type(parsed)
    if kind in COSTLY:
        return "costs patients extra: give one at the normal rate"
    if kind in NO_TELEPHONE:
        return "is no telephone at which somebody answers: give one that patients can call"
    return ""


def doubt(number: str, country: str) -> str:
    """What is not known of a number that can be dialled, or nothing."""
    digits = re.sub(r"\D", "", number)
    if not is_short(number) or phonenumbers.is_valid_number(_parsed(number, country)):
        return ""
    cost = shortnumberinfo.expected_cost_for_region(_short(digits, country), country)
    if cost != ShortNumberCost.UNKNOWN_COST or _is_known(digits, country):
        return ""
    return "is a short number, and no table says what it costs: call it from a patient's telephone"


def is_invented(number: str, country: str) -> bool:
    """Whether the number is kept for stories and films: nobody answers there."""
    parsed = _parsed(number, country)
    reserved = INVENTED.get(parsed.country_code or 0)
    national = phonenumbers.national_significant_number(parsed)
    return bool(reserved and re.fullmatch(reserved, national))


def _parsed(number: str, country: str) -> PhoneNumber:
    try:
        return phonenumbers.parse(number, country)
    except NumberParseException:
        return PhoneNumber()


def _short(digits: str, country: str) -> PhoneNumber:
    """A short number just as it is dialled: each zero in front of it is one of its digits."""
    zeros = len(digits) - len(digits.lstrip("0"))
    return PhoneNumber(
        country_code=phonenumbers.country_code_for_region(country),
        national_number=int(digits),
        italian_leading_zero=zeros > 0 or None,
        number_of_leading_zeros=zeros if zeros > 1 else None,
    )


def _short_fault(digits: str, country: str) -> str:
    for at in ("", country):
        pattern, what = NO_CLINIC.get(at, ("(?!)", ""))
        if re.fullmatch(pattern, digits):
            return f"is a number for {what}: give one at which the clinic or its doctors answer"
    short = _short(digits, country)
    if not shortnumberinfo.is_valid_short_number_for_region(short, country):
        return f"is no short number of {country}: look it up, and type it again"
    if shortnumberinfo.expected_cost_for_region(short, country) == ShortNumberCost.PREMIUM_RATE:
        return "costs patients extra: give one at the normal rate"
    if shortnumberinfo.is_sms_service_for_region(short, country):
        return "takes text messages only: give one that patients can call"
    return ""


def _is_known(digits: str, country: str) -> bool:
    return any(KNOWN.fullmatch(name) for name in (digits, f"{country}:{digits}"))
