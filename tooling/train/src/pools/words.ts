const list = (text: string): string[] => text.trim().split(/\s+/)

export const nouns: readonly string[] = list(`
apple river garden window castle planet engine basket candle dragon feather guitar hammer island jacket kettle ladder
mirror needle orange pencil quartz rabbit saddle tunnel umbrella velvet walnut yogurt zebra anchor bridge copper desert
eagle forest glacier harbor insect jungle kitchen lantern marble nectar ocean pepper quilt ribbon silver thunder urchin
violin winter almond barrel cactus diamond ember falcon granite honey ivory jasmine lemon magnet night olive piano raven
shadow tiger valley whale acorn beacon canyon dolphin elbow fabric galaxy hazel iron jelly kernel lizard meadow nickel
onion parrot radar salmon temple uncle vapor wagon yard zinc album biscuit carpet donkey engineer fiddle goblin hockey
igloo jewel koala locket muffin napkin otter pigeon rocket scarf turtle vessel whistle ballad camera dagger easel fossil
goose helmet icicle joker lagoon mantle noodle opera pocket rudder spider teapot vineyard willow badger cobalt dusk elm
flute glove hinge ivy kiosk lotus moth nutmeg oxygen plum reef spoon tulip vase wheat axle broom clover drum fern gravel
heron jigsaw knot lynx maple nest orchid pearl ruby squid thistle vault wasp birch cedar daisy flint grape hail ink jade
kite lamp moss oak pine rose sand tent vine wolf bell coin door frog gate horn leaf moon nail pond rope seed tree wing
battery sensor circuit monitor keyboard router antenna turbine piston compass telescope satellite gearbox propeller`)

export const adjectives: readonly string[] = list(`
ancient bright calm dusty eager fancy gentle hollow icy jolly keen lively mellow narrow odd proud quiet rapid silent tall
urban vivid warm young brave clever distant elegant frozen golden humble idle jagged kind lucky modern noble orderly
polite quick rusty sturdy tidy upbeat vast wild bold crisp dense faint grand heavy level misty neat plain rough sharp
tender velvety wooden amber broken curly daring empty fertile giant hidden inner joyful knotty lean mighty northern open`)

export const topics: readonly string[] = list(`
chess opera volcano coffee sailing poetry gravity magnetism beekeeping origami photosynthesis robotics genetics jazz
baking cycling pottery astronomy geology surfing knitting architecture calligraphy chemistry ceramics fencing gardening
hiking judo kayaking lightning mythology nutrition ornithology painting quantum recycling sculpture typography vaccines
weaving yoga zoology compilers databases encryption graphics hashing inheritance javascript kernels latency memory
networking optimization parsing queues rendering sorting threads unicode virtualization webgpu quantization tokenizers
attention embeddings gradients checkpoints sampling batching routing experts rounding scaling overflow underflow`)

export const products: readonly string[] = list(`
bread milk butter cheese eggs flour sugar salt rice pasta tea juice honey soap paper shoes boots shirts socks hats gloves
belts chairs tables desks shelves lamps clocks phones laptops tablets cables chargers headphones cameras printers screws
bolts tiles bricks paint brushes rugs pillows blankets towels plates bowls mugs forks knives pans pots toys puzzles balls
bicycles helmets tents ropes skis skates rackets novels notebooks pencils markers erasers staplers folders envelopes`)

export const plurals: readonly string[] = list(`
apples pears oranges lemons plums cherries bananas grapes melons cookies cakes muffins candies marbles stamps coins cards
books pens stickers shells stones buttons beads balloons flowers roses tulips trees eggs tickets toys balls cars stars
boxes bottles cups nuts carrots potatoes tomatoes onions peppers chairs letters photos badges ribbons kites magnets`)

export const languages: readonly string[] = list(`
French German Spanish Italian Polish Czech Greek Turkish Arabic Hindi Korean Japanese Chinese Dutch Danish Swedish
Finnish Norwegian Hungarian Romanian Russian Ukrainian Thai Swahili Latin Welsh`)

export const folders: readonly string[] = list(`
src docs data assets config scripts tests images reports notes backup archive build lib models public logs shared drafts
photos music invoices papers exports temp letters budget recipes slides`)

export const extensions: readonly string[] = list(
  'txt md json csv ts py html log yaml pdf png xml toml js css',
)

export const syllables: readonly string[] = list(`
ba be bi bo bu da de di do du fa fe fi fo ga ge go gu ha he hi ho ja jo ka ke ki ko ku la le li lo lu ma me mi mo mu na ne
ni no nu pa pe pi po ra re ri ro ru sa se si so su ta te ti to tu va ve vi vo wa we wi ya yo za ze zi zo zu bra cle dri
fra gri kle mor nal pen quo ran sel tor ven wex zan thi sho cha plu sta tre ust ock ing ard ell ist urn ade`)
