"""Tables: what a study collects, reading and checking it, and freezing it for analysis."""

from imara.dataset.dataset import Dataset
from imara.dataset.dictionary import Dictionary, Variable, dictionary_of
from imara.dataset.freeze import freeze, read_frozen
from imara.dataset.read import read_dataset

__all__ = ["Dataset", "Dictionary", "Variable", "dictionary_of", "freeze", "read_dataset", "read_frozen"]
