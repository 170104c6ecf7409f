"""Two words for a client file, which a notice may carry and which say nothing of the client ("Quiet Heron").

Invariants: pure, the seed decides (its randomness comes from outside); a taken codename is never given again. The
words are of landscape, light, colour and texture, and of birds and beasts: none is a given name, a judgement, a jest
about misfortune, a colour of alarm, or a word of time that could be taken for a deadline.
"""

from hashlib import sha256
from itertools import count

TRIES = 64  # for each number of words: with 9 of 10 pairs taken, one file in 850 gets a third word (0.9 ** 64)

ADJECTIVES = tuple(
    """
    Agile Airy Alpine Arctic Azure Balmy Banded Billowy Boreal Braided Breezy Bright Brisk Bronze Brushed Burnished
    Calm Canvas Cedar Chalky Chestnut Clear Coastal Cobalt Copper Corded Cosy Cotton Crested Crisp Curly Cyan Dappled
    Deft Dewy Dotted Downy Drifting Eastern Fabled Feathery Flaxen Fleecy Floating Floral Flowing Fluent Fluted Fresh
    Frosty Gentle Gilded Glassy Gleaming Glossy Golden Grassy Green Highland Hillside Hilly Indigo Inland Island
    Lakeside Larch Latticed Lavender Leafy Lilac Limpid Linen Lively Lofty Lowland Lucid Lunar Lush Magenta Maple
    Marbled Marine Meadow Mellow Mild Mossy Nimble Northern Oaken Orchard Painted Pearly Pebbly Placid Polar Polished
    Prairie Quiet Quilted Radiant Ribboned Rippled Roaming Russet Rustic Seaside Serene Silken Silver Smooth Snowy
    Solar Southern Speckled Starry Steady Striped Sunlit Supple Terraced Tranquil Turquoise Upland Velvet Verdant
    Western Wooded Woven
    """.split()
)
ANIMALS = tuple(
    """
    Alpaca Antelope Avocet Bison Bittern Bluebird Bullfinch Bunting Camel Capybara Caracal Caribou Chaffinch Chamois
    Chinchilla Cormorant Crane Crossbill Curlew Deer Dipper Dolphin Dormouse Dove Dragonfly Dunlin Eagle Egret Eider
    Eland Elk Falcon Fieldfare Finch Firecrest Flamingo Gannet Gazelle Gecko Giraffe Goldcrest Goldfinch Grebe
    Guillemot Hare Harrier Hawfinch Hedgehog Heron Hoopoe Hummingbird Ibex Ibis Impala Jackdaw Kestrel Kingfisher
    Kittiwake Kiwi Koala Kudu Lapwing Lemur Linnet Llama Lynx Macaw Mallard Manatee Marmot Marten Merganser Moorhen
    Moose Narwhal Nightingale Nuthatch Ocelot Okapi Oriole Oryx Osprey Otter Owl Panda Partridge Pelican Penguin
    Petrel Pheasant Pika Pintail Pipit Plover Pochard Porpoise Puffin Quetzal Razorbill Redstart Redwing Reindeer
    Sandpiper Seahorse Shearwater Siskin Skylark Spoonbill Starling Stonechat Stork Swallow Swan Tapir Tern Toucan
    Treecreeper Turnstone Vicuna Wagtail Wallaby Warbler Waxwing Wigeon Wombat Wren Yak Zebra
    """.split()
)


def codename(seed: bytes, taken: set[str]) -> str:
    """`Quiet Heron`; a third word when so many tries at two were all taken, then a fourth."""
    tries = (_words(sha256(seed + attempt.to_bytes(8, "big")).digest(), 1 + attempt // TRIES) for attempt in count())
    return next(word for word in tries if word not in taken)


def _words(digest: bytes, adjectives: int) -> str:
    """Both lists have 128 words, so every byte chooses evenly; no word twice."""
    chosen = dict.fromkeys(ADJECTIVES[byte % len(ADJECTIVES)] for byte in digest[1 : 1 + adjectives])
    return " ".join([*chosen, ANIMALS[digest[0] % len(ANIMALS)]])
