"""Every error a person may meet, as one tree. Each message says what was expected, what came, what to do.

::

    EmrsError
    ├── SettingsError        a setting cannot be used
    ├── ModelError           a model folder is missing, damaged or of another kind
    ├── InspectionError      the helper process that looks inside the network is missing, too slow or gone
    ├── DataError            a picture, video, table or event file cannot be read
    │   ├── ImageError           a picture or video
    │   ├── DatasetError         a table or folder of labelled faces
    │   └── CatalogueError       a table of songs
    ├── TrainingError        a training run cannot go on
    ├── StorageError         something could not be kept in, or read from, the data folder
    ├── StreamingError       the listener's music service refused or did not answer; its children, one a failure, are in
    │                        ``emrs_core.music.spotify.failures``
    ├── TimelineError        a kept session, or what should be put into one, cannot be used
    │   ├── CalibrationError     a neutral face could not be read for long enough
    │   ├── TimelineNotFound     there is no such session, person or study
    │   ├── ConsentWithdrawn     a participant took the agreement to being recorded back
    │   ├── AccessDenied         it may be seen, but not changed, by whoever asked
    │   ├── StoreUnavailable     the database is locked, full, read-only or out of reach; later it may work
    │   └── StoreTooNew          the database was made by a newer version
    └── UsageError           a call asks for something that does not exist (an emotion, a target, a runtime)

Adapters translate their library's exceptions into these at the seam (``raise ... from exc``).
"""


class EmrsError(Exception):
    """Base of all errors whose message is meant for a person."""


class SettingsError(EmrsError):
    """A setting has a value that cannot be used."""


class ModelError(EmrsError):
    """A model folder is missing, damaged, or does not hold what its card says."""


class InspectionError(EmrsError):
    """The helper process that looks inside the network cannot start, is too slow or has stopped."""


class DataError(EmrsError):
    """Input from a person cannot be read; the message names the file and the place in it."""


class ImageError(DataError):
    """A picture or video cannot be read."""


class DatasetError(DataError):
    """A table or folder of labelled faces cannot be read."""


class CatalogueError(DataError):
    """A table of songs cannot be read."""


class TrainingError(EmrsError):
    """A training run cannot go on, or its folder does not fit what it should do."""


class StorageError(EmrsError):
    """The data folder cannot be written or holds something that cannot be read back."""


class StreamingError(EmrsError):
    """The listener's music service refused, asks for something first, or did not answer as it should."""


class TimelineError(EmrsError):
    """A kept session, or what should be put into one, cannot be used."""


class CalibrationError(TimelineError):
    """A person's neutral face could not be read for long enough."""


class TimelineNotFound(TimelineError):  # noqa: N818 - says what happened, as FileNotFoundError's first half does
    """There is no such session, person or study."""


class ConsentWithdrawn(TimelineError):  # noqa: N818 - what happened, not a mistake
    """The participant took the agreement back: nothing more of them is recorded."""


class AccessDenied(TimelineError):  # noqa: N818 - likewise
    """What is asked for may be seen, but not done, by whoever asks."""


class StoreUnavailable(TimelineError):  # noqa: N818 - a state that may pass, not a mistake
    """The database cannot be read or written now; trying again later may work."""


class StoreTooNew(TimelineError):  # noqa: N818 - likewise
    """The database was made by a newer version of this program."""


class UsageError(EmrsError):
    """A name or value given by the person does not exist or is out of range."""
