"""Given names that are names of their own, however like another they are spelled: a slip never makes one of the other.

Brothers, sisters and twins bear them side by side. They are known whatever parameters were trained on, which leave out
every name that few people bear. They were written down for this program.
"""

from typing import Final

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
