"""Forms of given names from Abigail to Krystyna: one name a line, all its forms as they look without accents."""

from typing import Final

NAMES_A_TO_K: Final = """
abigail abi abbie abby abbey
adam adem adams
adrian ade adrien
agnieszka aga
aidan aiden ayden aidyn aodhan
aisha ayesha aysha aishah ayisha aicha aysa
alan allan allen al alun
albert bert bertie al
alexander alex alec alasdair alastair alistair alister alisdair sandy xander zander sasha oleksandr aleksandr aleksander aleks aliaksandr
alexandra alex lexi lexie sandra sasha aleksandra ola oleksandra alexandria
alfred alf alfie fred freddie
ali aly alee
alice alys ailis alicja
alison ali allison alyson
amelia amy millie milly amelie emelia
amina ameena aminah aamina
amir ameer aamir
andrew andy drew aindreas andras andrzej andrei andriy andrii andre
angela angie aniela
anita nita
anjali anjalee
anna ann anne annie anya ania ana hanna hannah anja hanne
anthony tony antony antoni ant
arthur art artie artur
asif aasif
balwinder bal
barbara babs barb basia
beatrice bea trixie beatrix beatriz
benjamin ben benji benjy benny binyamin
bernard bernie
bilal belal billal
bridget bridie biddy brigid brigit brid
bronwen bron bronwyn
caitlin kaitlin katelyn kaitlyn caitlyn catelyn caitriona kate
cameron cam camron kameron
carol carole caroline carolyn
caroline caz carrie lina carolyn karolina
catherine katherine kathryn katharine kathrine catharine cathryn cath cathy kate katie kathy katy kat kit kitty katarzyna kasia catrin cadi caitriona catriona ekaterina kateryna katya katerina catarina catalina
charles charlie chas chuck charley karol karl
charlotte charlie lottie char carlota charlotta
chiamaka amaka
chinedu nedu
chloe khloe cloe
christian chris kristian krystian
christina chris chrissie tina krystyna christine kristina cristina kirsty kirsten
christopher chris kit topher krzysztof cristopher kristopher christoffer
chukwuemeka emeka
ciara keira kiera kira ciera
clare claire clara klara
conor connor conner konnor conchobhar
daniel dan danny daniil danil danyal daniyal
daniela danielle dani daniella
david dave davey davie dai dafydd dewi davy dawid daud dawood dawud
deborah deb debbie debra
declan dec deaglan
deepak dipak
dennis denis den denys
diana di diane dianne
dipa deepa
dmitri dmytro dima dimitri dmitry
dominic dom dominik
donald don donnie domhnall
dorothy dot dottie dorothea
dylan dillan dillon dyllan
edward ed eddie eddy ted teddy ned ewart eduard edvard
eileen aileen eibhlin ilene
eleanor ellie elle nell nellie elinor elin leonora lenore eleanora elena
elena olena helena lena alena yelena
elizabeth elisabeth liz lizzie lizzy beth betty bess bessie eliza libby elsie elspeth ealasaid betsan elisabet elzbieta ela lisa lily isabel isobel
ellen elen nell ellie helen
emily em emmie emilie emilia milly emelie
emma em emmy ema
eoin owen eoghan ewan euan ewen iwan ioan
erin eryn aerin
ethan ethen
eva eve evie ewa
evelyn evie eva
ewa eva
farhan ferhan
fatima fatimah fatema fatma fathima fatimata fatoumata
fiona fi ffion
florence flo florrie flossie
frances fran francie francesca fanny
francis frank frankie fran franciszek
franklin frank
frederick fred freddie freddy frederic fryderyk fredrick
gabriel gabe gabriele
gabriela gabi gabrielle gaby gabriella
gareth gary gaz garath
gary garry gaz
geoffrey geoff jeff jeffrey jeffery
george georgie georg jerzy yuri jorge giorgi seoirse siors
georgina georgie gina georgia georgiana
gerald gerry jerry
gerard gerry ged gerrard
gillian gill jill jillian gilly
grace gracie
graham graeme grahame
gregory greg gregor grzegorz
gurpreet preet
gwendolen gwen gwenda gwendoline
gwyneth gwyn gwen
habib habeeb
hafsa hafsah hafza
halima haleema halimah
hamza hamzah hamzeh
harold harry hal
harpreet preet
harriet hattie harriette harri
hasan hassan hasaan hassaan
helen nell elen helena nelly elaine
henry harry hal hank henryk henri
hugh hughie huw aodh shug hew
hussain hussein husain husayn hossain hussayn hosein hussin
ian iain ean
ibrahim ebrahim ibraheem abraham abe abram ibrahima
idris idrees edris
iman eman imaan
imogen immy imogene
imran emran umran
isaac isaak ishaq izaak ishak zak
isabella bella izzy isabelle isabel isobel iseabail izabela bel
isla ayla
ismail ismael esmail ishmael
ivan vanya iwan
jack jackie jac jock jak
jacob jake jakob jakub kuba yaqub yakub jacub
jacqueline jackie jacqui jacquelyn jaqueline
jamal jamaal gamal jemal
james jim jimmy jamie jem seamus hamish shamus seumas jac jaime
jan johann
jane janie jayne sian sinead jana
janet jan jess seonaid jannet
jasmine jas jazz yasmin yasmeen yasmine jasmin yasemin
jaspreet jas
jennifer jen jenny jenni jenifer
jeremy jem jerry jez
jessica jess jessie jessika
jill jillian
joan joanie siobhan jo
joanna jo joanne jan joannah asia
john jack johnny jon ian iain sean shaun ieuan evan sion ivan ioan jan johan
jonathan jon jonny jonathon johnathan jonty jono
joseph joe joey jo jozef yusuf yousef youssef yousuf yusef josef seosamh joss
josephine jo josie jozefina
joshua josh jos yeshua
joyce joy
jude judah
judith judy jude judi
julia jules julie
julian jules
kamil camil
karen caren karin
karim kareem
katarzyna kasia katarina
kayleigh kayley kaylee kayla kaylie kailey
kenneth ken kenny coinneach
kevin kev caoimhin kevan
khadija khadijah khadeja kadija hadija khadeeja
khalid khaled
kieran ciaran keiran kieron kyran
kimberley kim kimberly
kirsty kirstie christina
kofi koffi
krishna krishnan krisna
krystyna krysia
kwame kwami
"""  # noqa: E501  # one name a line, however many forms it has
