"""Forms of given names from Laila to Zuzanna.

One name a line, without accents: the name, its short forms and spellings, and after a semicolon names that are kin to
it and also given apart, to twins even.
"""

from typing import Final

NAMES_L_TO_Z: Final = """
laila leila layla leyla lailah laylah
lakshmi laxmi
laura laurie lara
lauren loren lauryn
lawrence laurence lawrie laurie wawrzyniec ; larry
layla leila
leah lea ; lia
lee ; leigh
leo ; lev leonardo leopold leon
leonard len lenny ; leo
lewis louis lew ; lou louie ludwik luis
liam uilliam
liban libaan
lilian lil lillian ; lily lilly liliana
lily lilly lillie lili
louise luisa ; lulu lou
lucas lukasz lukas ; luke luka luca
lucy lusia ; lucia luce lucie
luke luc ; lukasz
madeleine maddie maddy madeline ; madison magda madelaine
madison maddie madisyn maddison
maeve meabh maive
magdalena ; lena magda
maha mahaa
mahmood mahmud mehmood mahmoud maxamuud
mahmud mahmood mahmoud mehmood
maia
malgorzata gosia ; margaret
manpreet mani manprit
marek ; mark
margaret maggie meg peggy madge margie mags ; daisy megan greta mairead rita malgorzata mared marge
marie maria mari mair maire mairi moira mhairi molly polly maryam mariam miriam mariya marija may mia maryja ; mary
mark marc marek ; marcus markus
marta martha
martha ; mattie marta
martin marty ; marcin
maryam maryem marium meryem ; mariam miriam
mason
mateusz ; matthew
matilda mathilda ; tilly mattie tillie
matthew matty mathew mateusz matteo ; mathias matthias matt
maureen ; mo
maxim maks maksim maksym maxym ; max
maximilian maxi maksymilian ; max
maxwell ; max
megan meg meghan meagan
melanie mel
melissa ; mel lissa
michael mike mickey micky micheal mikey michal mykhailo mikhail meical mihai mikael michel ; mihangel mick
michelle shell chelle ; micheline
ming
mizanur mizan
mohammed mohammad muhammad mohamed muhammed mohamad muhamad mohamud mohd muhammet mo moh maxamed ; mahomed mehmet
molly mollie ; mary
mustafa mostafa mustapha moustafa
mykola nikolai nicholas
nadia nadiya nadya
nasteho nasteexo
natalie nathalie natalya nataliya ; talia nat natalia
natasha tasha natascha ; nat
nathan nate ; nathaniel nat
nathaniel nate nathanael ; nat nathan
niall neil neal nial
niamh neave neve nieve
nicholas nick nicky nicolas nico mikolaj nikolas nikola ; mykola nikolai nicol
nicola nicky nikki ; nic nicole nikola
noah
nur noor nour nura noura
oksana oxana
oliver ollie olly oliwier
olivia liv livvy livia ; ollie oliwia
oluwadamilola damilola dami
oluwaseun seun
oluwatobi tobi tobiloba
omar umar omer oumar cumar umer
oscar oskar
osman usman uthman othman ousmane cusmaan
owen owain eoin
pamela pam
patricia pat patsy tricia trish ; paddy patrycja
patrick pat pad padraig padraic patryk padraic ; paddy
paul pol pavel pawel pavlo paulo
penelope penny ; pen
peter pete piotr pedro petro pyotr peadar pedr petr butrus
philip phil phillip filip phillipe felipe ; pip
philippa pippa phillipa ; pip
piotr ; peter
poppy
priya
puja pooja
rachel rach rachael raquel racheal
rahim raheem
rajesh raj raju
ramadan ramazan ramzan
rashid rasheed rachid
raymond ray
rebecca becky becca rebekah rebeka ; bex
reece rhys rees reese
rhiannon rhi
richard rick ricky dick rich richie ryszard dickie
rida reda
robert rob bob bobby robbie bert rab roibeard ; robin
roderick rod roddy ; rory
roisin rosheen ; rose rosie
ronald ron ronnie
rory ruairi ruaridh ruari rhuari
rosemary ; rose rosie
ruby
ruqayyah ruqaya rukaya ruqayya ruqia rukhaya
ruth ruthie
ryan rian
sabir saber
saeed sayeed saed sayid ; said
safiya safiyyah safiyah ; sofia safia
said saeed sayeed saciid
salim saleem selim
salma selma salmah
samantha sam sammy sammie
samuel sam sammy samuil samual
sandra sandy
sarah sara saara saira ; sally sadie sorcha zara
sean shaun shawn shaune seaghan ; shane
sergei serhiy serhii sergey siarhei
shannon shan
sharif shareef sherif
sian shan
siddharth sid siddhartha
simon sim shimon semyon ; szymon
simran sim simren
sinead shinead
siobhan shevaun chevonne shivaun siobhain
sita seeta
sophia sofia zosia sofiya soph ; sofie sophie zofia
stanislaw ; stan stanley
stephanie steph stef stefanie stefania stephany
steven steve stephen stevie szczepan steffan ; stefan stephan
stuart stewart stu
suleiman sulaiman suleyman sulayman sulaymaan ; solomon
sumaiya sumaya sumayya sumayyah
sumaya sumayya sumayyah soumaya sumaiya
susan sue susie suzie ; zuzanna shoshana susanna susannah suzanne
syed sayed sayyid said
szymon ; simon
tadeusz tad thaddeus
taha taaha
tariq tarik tarek
tasnim tasneem
taylor tayler tayla
terence terry terrence tel
teresa theresa teresita ; tess tessa terri
thomas tom tommy tomos tomasz twm tomas tamas tam thom
timothy tim timmy tymoteusz
tobias toby tobi
tomasz tomek ; thomas
tracey tracy tracie trace
tyler tylar tyla
ursula urszula
uthman usman
valerie val valeria
vanessa ; nessa
veronica ronnie weronika ; vera
victor vic viktor wiktor
victoria vicky vicki tori vikki wiktoria viktoria viktoriya
vijay bijay
vincent vin vince vinnie
vivek bibek
vladimir volodymyr wlodzimierz uladzimir ; vova
wahid waheed
walter wally walt
wei
wendy wen
wiktoria ; victoria
william will bill billy willie uilleam bil wiliam willem ; liam wil gwilym
wojciech wojtek
xiao shiao hsiao
yahya yahia yehia yahyah yahye yaxye
yasir yasser yaser
yunus younis younus yunis
yusuf yousef youssef yousuf yusef yusif yousaf yosef yuusuf
yvonne evonne
zachary zach zack zac zak zachariah zakariya zakaria zakariyya
zahid zaheed
zahra zahraa zehra ; zara
zainab zaynab zeinab zeynep zaineb
zoe zoey zoie ; zoya
zubair zubayr jubair zubayer
zuzanna zuzia ; susanna
"""  # one name a line, however many forms it has
