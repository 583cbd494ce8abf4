"""Forms of given names from Laila to Zuzanna: one name a line, all its forms as they look without accents."""

from typing import Final

NAMES_L_TO_Z: Final = """
laila leila layla leyla lailah laylah
lakshmi laxmi
laura laurie lara
lauren loren lauryn
lawrence laurence larry lawrie laurie wawrzyniec
layla leila
leah lea lia
lee leigh
leo leon leopold leonardo lev
leonard len lenny leo
lewis louis lou louie luis ludwik lew
liam uilliam
lilian lily lil lillian lilly liliana
lily lilly lillie lili
louise lou lulu luisa
lucas luke luka lukasz luca lukas
lucy luce lucie lucia lusia
luke luc lukasz
madeleine maddie maddy madeline madelaine madison magda
madison maddie madisyn maddison
maeve meabh maive
magdalena magda lena
maha mahaa
mahmud mahmood mahmoud mehmood
malgorzata gosia margaret
manpreet mani
marek mark
margaret maggie meg megan peggy madge greta marge margie mairead mags mared daisy malgorzata rita
marie maria mary mari mair maire mairi moira mhairi molly polly maryam mariam miriam mariya marija may mia maryja
mark marc marek marcus markus
marta martha
martha mattie marta
martin marty marcin
maryam mariam miriam maryem marium meryem
mateusz matthew
matilda tilly mattie tillie mathilda
matthew matt matty mathew mateusz matteo mathias matthias
maureen mo
maxim max maks maksim maksym maxym
maximilian max maxi maksymilian
maxwell max
megan meg meghan meagan
melanie mel
melissa mel lissa
michael mick mike mickey micky micheal mikey michal mykhailo mikhail meical mihangel mihai mikael michel
michelle shell chelle micheline
mohammed mohammad muhammad mohamed muhammed mohamad muhamad mohamud mahammed mohd muhammet mehmet mahomed mo moh
molly mollie mary
mustafa mostafa mustapha moustafa
mykola nikolai nicholas
nadia nadiya nadya
natalie nat natalia nathalie natalya nataliya talia
natasha tasha nat natascha
nathan nat nate nathaniel
nathaniel nat nate nathan nathanael
niall neil neal nial
niamh neave neve nieve
nicholas nick nicky nicolas nico mikolaj nikolas nikolai mykola nikola nicol
nicola nicky nikki nicole nic nikola
nur noor nour nura noura
oksana oxana
oliver ollie olly oliwier
olivia liv livvy livia oliwia ollie
oluwadamilola damilola dami
oluwaseun seun
oluwatobi tobi tobiloba
omar umar omer oumar
oscar oskar
osman usman uthman othman ousmane
owen owain eoin
pamela pam
patricia pat patsy tricia trish paddy patrycja
patrick pat paddy pad padraig padraic patryk padraic
paul pol pavel pawel pavlo paulo
penelope penny pen
peter pete piotr pedro petro pyotr peadar pedr petr butrus
philip phil phillip pip filip phillipe felipe
philippa pip pippa phillipa
piotr peter
puja pooja
rachel rach rachael raquel racheal
rahim raheem
rajesh raj raju
ramadan ramazan ramzan
rashid rasheed rachid
raymond ray
rebecca becky becca bex rebekah rebeka
reece rhys rees reese
rhiannon rhi
richard rick ricky dick rich richie ryszard dickie
rida reda
robert rob bob bobby robbie robin bert rab roibeard
roderick rod roddy rory
roisin rosheen rosie rose
ronald ron ronnie
rory ruairi ruaridh ruari rhuari
rosemary rose rosie
ruqayyah ruqaya rukaya ruqayya ruqia rukhaya
ruth ruthie
ryan rian
sabir saber
saeed said sayeed saed sayid
safiya safiyyah safia sofia safiyah
salim saleem selim
salma selma salmah
samantha sam sammy sammie
samuel sam sammy samuil samual
sandra sandy
sarah sara sally sadie sorcha zara saara saira
sean shaun shawn shane shaune seaghan
sergei serhiy serhii sergey siarhei
shannon shan
sharif shareef sherif
sian shan
siddharth sid siddhartha
simon sim shimon szymon semyon
sinead shinead
siobhan shevaun chevonne shivaun siobhain
sita seeta
sophia sofia sophie zofia zosia sofiya soph sofie
stanislaw stan stanley
stephanie steph stef stefanie stefania stephany
steven steve stephen stevie stefan szczepan steffan stephan
stuart stewart stu
suleiman sulaiman suleyman sulayman solomon sulaymaan
sumaya sumayya sumayyah soumaya sumaiya
susan sue susie suzie suzanne susanna susannah zuzanna shoshana
syed sayed sayyid said
szymon simon
tadeusz tad thaddeus
taha taaha
tariq tarik tarek
taylor tayler tayla
terence terry terrence tel
teresa theresa tess terri tessa teresita
thomas tom tommy tomos tomasz twm tomas tamas tam thom
timothy tim timmy tymoteusz
tobias toby tobi
tomasz tomek thomas
tracey tracy tracie trace
tyler tylar tyla
ursula urszula
uthman usman
valerie val valeria
vanessa nessa
veronica ronnie vera weronika
victor vic viktor wiktor
victoria vicky vicki tori vikki wiktoria viktoria viktoriya
vijay bijay
vincent vin vince vinnie
vivek bibek
vladimir volodymyr vova wlodzimierz uladzimir
wahid waheed
walter wally walt
wendy wen
wiktoria victoria
william will bill billy willie liam wil gwilym uilleam bil wiliam willem
wojciech wojtek
xiao shiao hsiao
yahya yahia yehia yahyah
yasir yasser yaser
yunus younis younus yunis
yusuf yousef youssef yousuf yusef yusif yousaf yosef
yvonne evonne
zachary zach zack zac zak zachariah zakariya zakaria zakariyya
zahid zaheed
zahra zara zahraa zehra
zainab zaynab zeinab zeynep zaineb zaynah
zoe zoey zoie zoya
zuzanna zuzia susanna
"""  # one name a line, however many forms it has
