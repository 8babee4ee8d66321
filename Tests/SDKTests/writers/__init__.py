"""What is written to every service while its executables are killed."""

from .functions import Apis, Function, Invocations, LogLines
from .messages import Messages, News, OrderedMessages, Tasks
from .objects import Objects, Photos, Uploads
from .people import Mails, SignUps, Users
from .stacks import Stacks
from .tables import Items, Transactions

WRITERS = [
    Items, Transactions, Objects, Uploads, Photos, Messages, OrderedMessages, Tasks, News, Users, SignUps, Invocations,
    LogLines, Mails, Apis, Stacks,
]

__all__ = ["WRITERS", "Function"]
