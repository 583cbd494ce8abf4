"""Forms of given names from Abigail to Krystyna.

One name a line, without accents: the name, its short forms and spellings, and after a semicolon names that are kin to
it and also given apart, to twins even.
"""

from typing import Final

NAMES_A_TO_K: Final = """
abdi cabdi
abdirahman abdurahman abdulrahman abdurrahman abdelrahman cabdiraxmaan
abdullah abdullahi abdallah abdulla cabdullaahi
abigail abi abbie abby abbey
adam adem adams
aden adan aadan
adrian adrien ; ade
agnieszka ; aga
ahmed ahmad axmed ahmet
aidan aiden ayden aidyn aodhan
aisha ayesha aysha aishah ayisha aicha aysa caasha asha
akter akhter aktar
alan allan allen ; al alun
albert bert bertie ; al
alexander alex alec zander oleksandr aleksandr aleksander aleks aliaksandr ; xander sandy sasha alasdair alastair alistair alister alisdair
alexandra alex aleksandra oleksandra ; lexi lexie sandra sasha ola alexandria
alfred alf alfie fred freddie
ali aly alee cali
alice alys ailis alicja
alison allison alyson ; ali
amandeep aman
amelia millie milly amelie ; amy emelia emilia
amina ameena aminah aamina
amir ameer aamir
amira
andrew andy aindreas andras andrzej andrei andriy andrii andre ; drew
angela angie aniela
anita nita
anjali anjalee
anna ann anne ana ; hannah hanna hanne anya ania annie anja
anthony tony antony antoni ; ant
arjun
arthur art artie artur
asif aasif
ava
ayaan ayan
balwinder bal
barbara babs basia ; barb
beatrice beatrix beatriz ; bea trixie
benjamin ben benji benjy benny binyamin
bernard bernie
bilal belal billal
bridget bridie brigid brigit brid ; biddy
bronwen bron bronwyn
caitlin kaitlin katelyn kaitlyn caitlyn catelyn caitriona kate
cameron cam camron kameron
carol ; caroline carolyn carole
caroline caz karolina ; lina carolyn carrie
catherine katherine kathryn katharine kathrine catharine cathryn cath cathy kate katie kathy katy kat kitty katarzyna kasia catrin kateryna katya katerina catarina catalina ; caitriona catriona ekaterina kit cadi
charles charlie chas charley ; karl karol chuck
charlotte lottie charlotta ; charlie carlota char
chiamaka amaka
chinedu nedu
chloe khloe cloe
christian kristian krystian ; chris
christina chris chrissie krystyna kristina cristina ; kirsty kirsten tina christine
christopher chris kit topher krzysztof cristopher kristopher christoffer
chukwuemeka emeka
ciara keira kiera kira ciera
clare claire clara klara
conor connor conner konnor conchobhar
daniel dan danny daniil danil danyal daniyal
daniela daniella ; dani danielle
david dave davey davie dai dafydd dewi davy ; dawid daud dawood dawud
deborah debbie debra ; deb
declan dec deaglan
deepak dipak
dennis denis den denys
diana ; di dianne diane
dipa deepa
dmitri dmytro dima dimitri dmitry
dominic dom ; dominik
donald don donnie domhnall
dorothy dottie dorothea ; dot
dylan dillan dillon dyllan
edward ed eddie eddy teddy ewart eduard edvard ; ted ned
eileen aileen eibhlin ilene
eleanor ellie elle elinor elin eleanora ; elena nell nellie leonora lenore
elena olena yelena ; helena alena lena
elizabeth elisabeth liz lizzie lizzy beth betty bessie libby ealasaid elisabet elzbieta ; eliza elsie elspeth lisa lily isabel isobel ela betsan bess
ella
ellen ellie ; helen nell elen
emily em emmie emilie emilia emelie ; milly
emma emmy ema ; em
eoin ; ewan euan owen ioan iwan eoghan ewen
eric
erin eryn aerin
ethan ethen
eva ; evie ewa eve
evelyn ; eva evie
ewa ; eva
farah faarax
farhan ferhan
faruk farook faruque farooq
fatima fatimah fatema fatma fathima fatimata fatoumata
fiona ; fi ffion
florence florrie flossie ; flo
fowsiya fawzia fowzia fawziya
frances francie fanny ; francesca fran
francis frankie fran franciszek ; frank
franklin frank
frederick fred freddie freddy frederic fryderyk fredrick
freya
gabriel gabe gabriele
gabriela gabi gaby gabriella ; gabrielle
gareth gaz ; gary garath
gary ; garry gaz
geoffrey geoff jeff jeffrey jeffery
george georg jerzy jorge giorgi seoirse siors ; yuri georgie
georgina georgiana ; georgia gina georgie
gerald gerry jerry
gerard gerry ged gerrard
gillian gill jillian gilly ; jill
grace gracie
graham graeme grahame
gregory greg gregor grzegorz
guled guleed
gurpreet preet gurprit gurpreeth
gwendolen gwendoline ; gwen gwenda
gwyneth ; gwen gwyn
habib habeeb
habibur habib
hafsa hafsah hafza
halima haleema halimah
hamza hamzah hamzeh
harold ; hal harry
haroon harun haaruun
harpreet preet harprit
harriet hattie harriette harri
harvey
hasan hassan hasaan hassaan xasan
helen nelly ; elaine helena nell elen
henry hank henryk henri ; hal harry
hodan hodhan
hugh hughie shug hew ; huw aodh
hussain hussein husain husayn hossain hussayn hosein hussin xuseen
ian iain ean
ibrahim ebrahim ibraheem ibrahima ibraahin ; abraham abe abram
idris idrees edris
iman eman imaan
imogen immy imogene
imran emran umran
isaac isaak izaak ishak ; ishaq zak
isabella izzy isabelle izabela ; bella isabel isobel iseabail bel
isla ; ayla
ismail ismael esmail ishmael
ivan vanya ; iwan
ivy
jack jackie jac jock jak
jacob jake jakob jakub kuba jacub ; yaqub yakub
jacqueline jackie jacqui jacquelyn jaqueline
jamal jamaal gamal jemal
james jim jimmy jamie jem ; hamish seamus shamus seumas jac jaime
jan johann
jane jayne ; sian sinead jana janie
janet jan jannet ; jess seonaid
jasmine jas jazz jasmin ; yasmin yasmeen yasmine yasemin
jason
jaspreet jas jasprit
jean
jennifer jen jenny jenni jenifer
jeremy jem jerry jez
jessica jessie jessika ; jess
jill ; jillian
joan joanie ; siobhan jo
joanna joannah ; jan jo asia joanne
john johnny jon ; jack ian iain sean shaun ieuan evan sion ivan ioan jan johan
jonathan jon jonny jonathon johnathan jonty jono
joseph joe joey jozef josef ; yusuf yousef youssef yousuf yusef jo seosamh joss
josephine jo josie jozefina
joshua josh jos yeshua
joyce joy
jude ; judah
judith judy judi ; jude
julia ; jules julie
julian ; jules
kacper
kamil camil
karen caren ; karin
karim kareem
katarzyna kasia ; katarina
kayleigh kayley kaylee kaylie kailey ; kayla
kenneth ken kenny coinneach
kevin kev caoimhin kevan
khadija khadijah khadeja kadija hadija khadeeja
khalid khaled
kieran ciaran keiran kieron kyran
kimberley kim kimberly
kirsty kirstie ; christina
kofi koffi
krishna krishnan krisna
krystyna krysia
kwame kwami
"""  # noqa: E501  # one name a line, however many forms it has
