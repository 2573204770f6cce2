"""The small course, for every test of this folder."""

from tests.release.course import bundle as bundle
from tests.release.course import source as source
