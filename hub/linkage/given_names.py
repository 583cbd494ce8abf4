"""Given names that are names of their own, however like another they are spelled: a slip never makes one of the other.

Brothers, sisters and twins bear them side by side. They are known whatever parameters were trained on, which leave out
every name that few people bear.
"""

from typing import Final

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
