"""Given names that are names of their own, however like another they are spelled: a slip never makes one of the other.

Brothers, sisters and twins bear them side by side. They are known whatever parameters were trained on, which leave out
every name that few people bear. They were written down for this program.
"""

from typing import Final

<<<<<<< HEAD
# Beside each other those of which one might be taken for a slip of the next; written down for this program.
GIVEN_NAMES: Final = frozenset(
    """
    aaliyah alayah alaya alana alanna alina elina alisha alysha aleena eleena abdulrahman abdulraheem abdulrahim
    abdulaziz abdulahad abdulhadi abdulmalik abdulkarim abdulqadir abdulmajid abdirahman abdirahim abdiaziz
    abdikarim abdinasir abdinasser abdiqani abdisalam abdisamad abdullahi abdullah abdallah abdikadir abdifatah
    abdihakim adam adem aden adele adelle adnan afnan aiza aliza aisha aiyla alba alma amal amel amani imani amara
    amaya amin amina amira amrita ambrita anais anaya inaya inayah anaiya aneesa anisa aniqa anish avish anita anika
    annika anisha antonia antonio arran aaron arooj areej areeba areesha arisha ariana arianna arya aria ayla ayra
    asad asaad asha aisla astrid aston austin avani ivani avery ayaan aryan arian aayan ayan azaan azan bailey
    hailey baran beau bella della benedict bradley brady brandon brendan brendon brooke brooklyn caden cayden kaden
    kayden jayden hayden aiden raiden zayden carmen carmel casey lacey tracey stacey macey carla karla carlo carlos
    celia delia ceri keri kerry kelly shelly cleo leo clio cole nicole colm colum cora nora dora flora lora laura
    corey rory dana dara diana deanna deena dina dena dean deana dalia dahlia delilah damian damien darren darcy
    darcey marcy darius demi denny danny benny kenny lenny devon evan eden edie eddie elias ellis elise eliza elisa
    elsa elsie ella ellen elin erin eryn elijah elisha emilia amelia amelie emelie emre umre enya anya esme esmae
    ethan nathan etta eve eva ava ivy fabian fabio fahad fahim faheem naeem nadeem faisal faizal faiz faizan fareed
    farid faris harris hariz farah sarah zarah sara lara mara tara zara zahra fay may kay finley finlay findlay finn
    flynn lynn fraser frazer gavin kevin gia mia tia lia ria nia pia geena gina nina tina dina mina zina gurjeet
    harjeet manjeet ranjeet sarjeet gurpreet harpreet manpreet jaspreet sharanpreet simranpreet kiranpreet gurjit
    harjit manjit ranjit surjit gurdeep hardeep mandeep sandeep jasdeep kuldeep pardeep amandeep ramandeep gurleen
    harleen jasleen manleen simran kiran karan charan gurveer harveer jasveer manveer ranveer hadi hadiya hadia
    hadja haleem halim salim karim rahim rahima karima halima salima naima nadia haider haidar hamid hamida hamed
    hamad hammad ahmad ahmed hamza humza hana hanna hannah hania haniya hiba hibo hodan hodo hoda huda hani hashim
    hisham hasan hussain hassan hugo hope hollie holly mollie molly polly dolly ibrahim ismail ishaq isaac idris
    ilyas ilhan ikran imran irfan iqra isra ishan eshan isha aisha ayesha isaiah izaiah isobel isabel ivan evan jada
    jade jaden jadon jaida jake blake jamie janie jason mason jasmin jasmine yasmin yasmina yasmine jay kay ray
    jenna gemma emma jess tess joel noel jona jonah joni toni jolie julie julia julian juliana juliet juliette jude
    judd kai kaia maya maia kalum callum colin kamal jamal kamran imran karim karina katrina marina sabrina farina
    kasim qasim kayla layla kyla kyra kira keira lyra myra kye kyle lyle khalil khalid kian cian ryan rian brian
    kirsten kristen kristin kristian christian krish krishan kristina krystal kyran lana lena luna lina lennon
    lennox leon leona leonie leila lila lyla lola lilia lucas lukas luca luka lucia lucie lucy luisa louisa liam
    lian logan morgan megan rogan magnus marcus markus maisie daisy malachi malakai malik malika maliha saliha
    saliqa maria mariah marina marisa marissa larissa clarissa melissa martha marta matea mattea matias mathias
    mattias matteo mateo maura laura maryam marwa marwan safwan milan mylan dylan dilan milena milana mila myla kyla
    mina minna miran miram mohsin mohsen mona muna musa mussa musab mosab nabil nabila nadir nadira nasir nasira
    nasser naseem nasim wasim waseem nayla naila nelly kelly neve eve niall nial nima nimo nimco noor noora nora
    norah nura noah joah oakley ocean ola ula oluwaseun oluwaseyi oluwatobi oluwadara oluwatoni oluwatosin oluwafemi
    oluwakemi oluwapelumi omar omari umair umar umer umayr zumair zubair uzair uzayr owen rowen rowan roman romain
    ramin ryan parker peyton payton phoenix priya priyanka prisha trisha alisha raees rais rayan rayyan ryan reyan
    rehan rehana rihanna rhianna brianna brenna rhys reese reeva riva remi rami remy ricardo riccardo ria rhea robin
    rohan roshan rishi rishan ridwan rizwan rosa rose rosie rosalie rosaline roxanne ruby rudy ruqayyah sabah sabha
    saba sadia saadia safa safia safiya safwa sahra zahra zahara sahar sakina salma salman sulaiman sameer samir
    samira samina yamina sana sanaa sania saniya tania tanya sofia sophie sorcha sapphire sara sean shane shan shea
    shay shona fiona shannon sharon aaron sienna vienna siena simon simone sohail suhail sohaib shoaib suhayb zohaib
    sonia sonya tonia sumaya sumaiya syeda saeed said syed tahir tahira tahmid tahmina tamina talha talia dalia
    tamara tamar samara tanvir tanveer tariq tarik taylor tyler tyla tayla kayla teagan reagan keegan theo thea
    tiana diana tilly milly billy lilly willy tobias tobi tomi temi timi toby robby trent brent ty tyrese tyrell
    tyrone tyron umaima umaimah usama osama osman usman yahya yasin yaseen yassin yasir yusra yusuf yusef zac zak
    zaid zayd saad saeed zain zayn zaina zayna zaynah zainab zaira zara zahra zakariya zakiya zakia zoha zoya zoe
    zunair zubaida chidinma chinonso chinenye chidera chiamaka chiemeka chinedu chukwudi chukwuma chizoba chioma
    ifeoma ngozi nkechi obinna obioma onyeka ikenna ikechi emeka amaka uche uchenna ebele ebere adaeze adaobi taiwo
    kehinde xiaoming xiaomeng xiaoming xiaohong xiaohua xiaoli xiaolin xiaoling xiaomei xiaowei xiaowen xiaoyan
    xiaoyang xiaoyu jiahao jiahui jialin jialing jiaming jiaqi jiawei jiayi jiaying jiayu meiling meilin yuchen
    yuching yuhan yuheng yutong yuting zihan ziheng zixuan zixin ziyan ziyang ziyi alexandru alexandra andrei
    andreea adriana adrian adela mihai mihaela mihail gabriel gabriela ionut ioana ioan stefan stefania daniel
    daniela cristian cristiana cristina marian mariana marius maria florin florina kacper kasper kamil kamila karol
    karolina kinga klara lena lenka maja maya mateusz marcin martin marcel michal michalina mikolaj nikola nikodem
    oskar olga ola oliwia oliwier patryk patrycja szymon tymon wiktor
    """.split()  # noqa: SIM905  one name a line would fill a thousand lines
)
=======
_NAMES: Final = """
aaliyah aaron aayan abdallah abdiaziz abdifatah abdihakim abdikadir abdikarim abdinasir abdinasser abdiqani
abdirahim abdirahman abdisalam abdisamad abdulahad abdulaziz abdulhadi abdulkarim abdullah abdullahi abdulmajid
abdulmalik abdulqadir abdulraheem abdulrahim abdulrahman adaeze adam adaobi adela adele adelle adem aden adnan
adrian adriana afnan ahmad ahmed aiden aisha aisla aiyla aiza alana alanna alaya alayah alba aleena alexandra
alexandru alina alisha aliza alma alysha amaka amal amandeep amani amara amaya ambrita amel amelia amelie amin amina
amira amrita anais anaiya anaya andreea andrei aneesa anika aniqa anisa anish anisha anita annika antonia antonio
anya areeba areej areesha aria arian ariana arianna arisha arooj arran arya aryan asaad asad asha aston astrid
austin ava avani avery avish ayaan ayan ayesha ayla ayra azaan azan bailey baran beau bella benedict benny billy
blake bradley brady brandon brendan brendon brenna brent brian brianna brooke brooklyn caden callum carla carlo
carlos carmel carmen casey cayden celia ceri charan chiamaka chidera chidinma chiemeka chinedu chinenye chinonso
chioma chizoba christian chukwudi chukwuma cian clarissa cleo clio cole colin colm colum cora corey cristian
cristiana cristina dahlia daisy dalia damian damien dana daniel daniela danny dara darcey darcy darius darren dean
deana deanna deena delia delilah della demi dena denny devon diana dilan dina dolly dora dylan ebele ebere eddie
eden edie eleena elias elijah elin elina elisa elise elisha eliza ella ellen ellis elsa elsie emeka emelie emilia
emma emre enya erin eryn eshan esmae esme ethan etta eva evan eve fabian fabio fahad faheem fahim faisal faiz faizal
faizan farah fareed farid farina faris fay findlay finlay finley finn fiona flora florin florina flynn fraser frazer
gabriel gabriela gavin geena gemma gia gina gurdeep gurjeet gurjit gurleen gurpreet gurveer hadi hadia hadiya hadja
haidar haider hailey haleem halim halima hamad hamed hamid hamida hammad hamza hana hani hania haniya hanna hannah
hardeep hariz harjeet harjit harleen harpreet harris harveer hasan hashim hassan hayden hiba hibo hisham hoda hodan
hodo hollie holly hope huda hugo humza hussain ibrahim idris ifeoma ikechi ikenna ikran ilhan ilyas imani imran
inaya inayah ioan ioana ionut iqra irfan isaac isabel isaiah isha ishan ishaq ismail isobel isra ivan ivani ivy
izaiah jada jade jaden jadon jaida jake jamal jamie janie jasdeep jasleen jasmin jasmine jason jaspreet jasveer jay
jayden jenna jess jiahao jiahui jialin jialing jiaming jiaqi jiawei jiayi jiaying jiayu joah joel jolie jona jonah
joni judd jude julia julian juliana julie juliet juliette kacper kaden kai kaia kalum kamal kamil kamila kamran
karan karim karima karina karla karol karolina kasim kasper katrina kay kayden kayla keegan kehinde keira kelly
kenny keri kerry kevin khalid khalil kian kinga kira kiran kiranpreet kirsten klara krish krishan kristen kristian
kristin kristina krystal kuldeep kye kyla kyle kyra kyran lacey lana lara larissa laura layla leila lena lenka
lennon lennox lenny leo leon leona leonie lia liam lian lila lilia lilly lina logan lola lora louisa luca lucas
lucia lucie lucy luisa luka lukas luna lyla lyle lynn lyra macey magnus maia maisie maja malachi malakai maliha
malik malika mandeep manjeet manjit manleen manpreet manveer mara marcel marcin marcus marcy maria mariah marian
mariana marina marisa marissa marius markus marta martha martin marwa marwan maryam mason matea mateo mateusz
mathias matias mattea matteo mattias maura may maya megan meilin meiling melissa mia michal michalina mihaela mihai
mihail mikolaj mila milan milana milena milly mina minna miram miran mohsen mohsin mollie molly mona morgan mosab
muna musa musab mussa myla mylan myra nabil nabila nadeem nadia nadir nadira naeem naila naima naseem nasim nasir
nasira nasser nathan nayla nelly neve ngozi nia nial niall nicole nikodem nikola nima nimco nimo nina nkechi noah
noel noor noora nora norah nura oakley obinna obioma ocean ola olga oliwia oliwier oluwadara oluwafemi oluwakemi
oluwapelumi oluwaseun oluwaseyi oluwatobi oluwatoni oluwatosin omar omari onyeka osama oskar osman owen pardeep
parker patrycja patryk payton peyton phoenix pia polly prisha priya priyanka qasim raees rahim rahima raiden rais
ramandeep rami ramin ranjeet ranjit ranveer ray rayan rayyan reagan reese reeva rehan rehana remi remy reyan rhea
rhianna rhys ria rian ricardo riccardo ridwan rihanna rishan rishi riva rizwan robby robin rogan rohan romain roman
rory rosa rosalie rosaline rose roshan rosie rowan rowen roxanne ruby rudy ruqayyah ryan saad saadia saba sabah
sabha sabrina sadia saeed safa safia safiya safwa safwan sahar sahra said sakina saliha salim salima saliqa salma
salman samara sameer samina samir samira sana sanaa sandeep sania saniya sapphire sara sarah sarjeet sean shan shane
shannon sharanpreet sharon shay shea shelly shoaib shona siena sienna simon simone simran simranpreet sofia sohaib
sohail sonia sonya sophie sorcha stacey stefan stefania suhail suhayb sulaiman sumaiya sumaya surjit syed syeda
szymon tahir tahira tahmid tahmina taiwo talha talia tamar tamara tamina tania tanveer tanvir tanya tara tarik tariq
tayla taylor teagan temi tess thea theo tia tiana tilly timi tina tobi tobias toby tomi toni tonia tracey trent
trisha ty tyla tyler tymon tyrell tyrese tyron tyrone uche uchenna ula umaima umaimah umair umar umayr umer umre
usama usman uzair uzayr vienna waseem wasim wiktor willy xiaohong xiaohua xiaoli xiaolin xiaoling xiaomei xiaomeng
xiaoming xiaowei xiaowen xiaoyan xiaoyang xiaoyu yahya yamina yaseen yasin yasir yasmin yasmina yasmine yassin
yuchen yuching yuhan yuheng yusef yusra yusuf yuting yutong zac zahara zahra zaid zain zaina zainab zaira zak
zakariya zakia zakiya zara zarah zayd zayden zayn zayna zaynah zihan ziheng zina zixin zixuan ziyan ziyang ziyi zoe
zoha zohaib zoya zubaida zubair zumair zunair
"""
GIVEN_NAMES: Final = frozenset(_NAMES.split())
>>>>>>> reviewb
