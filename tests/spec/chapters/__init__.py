"""The chapters, in the order in which they are read."""

from tests.spec.chapters import leaving, menus, outcomes, people, refusals, released

CHAPTERS = (menus.CHAPTER, refusals.CHAPTER, outcomes.CHAPTER, released.CHAPTER, leaving.CHAPTER, people.CHAPTER)
