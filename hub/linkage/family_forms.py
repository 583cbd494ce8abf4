"""Spellings of family names, and of fathers' names that serve as such: one name in several ways in Latin letters.

One name a line, without accents. A line says that the same family, or the same father, may stand in two records so;
that is less than being written alike, and nothing else of the two may then be in doubt.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_NAMES: Final = """
abdi cabdi
abdirahman abdurahman abdulrahman abdurrahman abdelrahman cabdiraxmaan abdiraxman
abdulaziz abdiaziz abdelaziz cabdicasiis
abdullah abdullahi abdallah abdulla cabdullaahi abdulahi
abubakar abubaker abubakr abukar
aden adan aadan adam
ahmed ahmad axmed ahmet
akhtar akhter akter aktar akthar
ali cali aly
begum begam begom
bhatt bhat
bhuiyan bhuyan bhuiya bhuiyah
chan chen tan
chang zhang cheung
chaudhry choudhry chaudhary choudhary choudhury chowdhury chaudhury chaudhri chaudhuri
chauhan chohan chouhan chauhaan
cheng zheng
chiu zhao chao
choi cai tsai
chow zhou chou
chu zhu
dabrowski dombrowski
dhillon dhillan dhillion
farah faarax
fung feng
grewal garewal
haque hoque huq haq hak
hassan hasan xasan
he ho
hersi hirsi xirsi
hossain hussain hussein husain hossen husayn xuseen hosain
hui xu tsui hsu
ibrahim ebrahim ibraahin ibraahim
ip yip ye
jama jaamac
johal jouhal juhal
kaur kour
kausar kauser kosar
khanam khanom khanum
khatun khatoon
khoury khouri khury
kwok guo kuo
lam lin lim
lau liu low
lee li
leung liang leong
lo luo law
ma mah
mahmood mahmud mehmood mahmoud mohamud maxamuud
majumdar mazumder mazumdar majumder
mak mai
mia miah meah miya
mohammed mohammad muhammad mohamed muhammed mohamad maxamed
ng wu goh
nur nuur noor nour
osman usman othman uthman cusmaan
parekh parikh
parveen perveen parvin
qasim kassem qassim qaasim
qureshi quraishi koreshi qureishi
rahman rehman rohman rahaman rahmaan
rathod rathore
said saeed sayeed saciid syed
saleh salih saalax
shaikh sheikh sheik shaykh
shah sha
siddiqui siddique siddiqi sidiqi
siu xiao shaw
soliman suleiman sulaiman sulayman
szeto situ
tang deng
thakkar thakker thakar
tse xie hsieh
tsang zeng tseng
uddin udin uddeen
wang wong huang
warsame warsama warsameh
yeung yang young
yuen yuan ruan
yunus younis younes
yusuf yousaf yousuf yousef youssef yuusuf
yahya yahye yaxye
"""


def _read(text: str) -> Mapping[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, line in enumerate(text.split("\n")):
        for form in line.split():
            found.setdefault(form, set()).add(number)
    return MappingProxyType({form: frozenset(numbers) for form, numbers in found.items()})


# For each spelling the names, by their numbers, that it may be.
FAMILY_FORMS: Final = _read(_NAMES)
NO_FAMILY_FORMS: Final[frozenset[int]] = frozenset()
