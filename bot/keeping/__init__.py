"""How long anything is kept, and how it goes: below the features, for several of them."""
