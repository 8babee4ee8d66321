"""pynamodb, an ORM of others, against tables: models, queries, conditions, batches, transactions, indexes."""

import os

import pytest

pynamodb = pytest.importorskip("pynamodb")

from pynamodb.attributes import (  # noqa: E402
    JSONAttribute, ListAttribute, MapAttribute, NumberAttribute, UnicodeAttribute, UnicodeSetAttribute,
    UTCDateTimeAttribute, VersionAttribute,
)
from pynamodb.connection import Connection  # noqa: E402
from pynamodb.exceptions import DoesNotExist, PutError, TransactWriteError  # noqa: E402
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex  # noqa: E402
from pynamodb.models import Model  # noqa: E402
from pynamodb.transactions import TransactGet, TransactWrite  # noqa: E402


@pytest.fixture(scope="module")
def models(stack):
    os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"] = stack.key, stack.secret

    class Where:
        host = stack.endpoint
        region = "us-east-1"

    class ByForum(GlobalSecondaryIndex):
        class Meta(Where):
            index_name = "byForum"
            projection = AllProjection()
            read_capacity_units = 5
            write_capacity_units = 5

        forum = UnicodeAttribute(hash_key=True)
        views = NumberAttribute(range_key=True)

    class Author(MapAttribute):
        name = UnicodeAttribute()
        links = ListAttribute(of=UnicodeAttribute, default=list)

    class Thread(Model):
        class Meta(Where):
            table_name = "pynamodb-threads"
            read_capacity_units = 100
            write_capacity_units = 100

        author_name = UnicodeAttribute(hash_key=True)
        subject = UnicodeAttribute(range_key=True)
        forum = UnicodeAttribute(null=True)
        views = NumberAttribute(default=0)
        tags = UnicodeSetAttribute(null=True)
        author = Author(null=True)
        extra = JSONAttribute(null=True)
        when = UTCDateTimeAttribute(null=True)
        by_forum = ByForum()

    class Counter(Model):
        class Meta(Where):
            table_name = "pynamodb-counters"
            billing_mode = "PAY_PER_REQUEST"

        name = UnicodeAttribute(hash_key=True)
        value = NumberAttribute(default=0)
        version = VersionAttribute()

    for model in (Thread, Counter):
        model.create_table(wait=True)
    yield Thread, Counter
    for model in (Thread, Counter):
        model.delete_table()


def test_models_are_kept_and_found(models):
    thread, _ = models
    import datetime

    when = datetime.datetime(2026, 11, 21, 8, 30, tzinfo=datetime.timezone.utc)
    thread("ann", "first", forum="a", views=3, tags={"x", "y"}, author={"name": "Ann", "links": ["l1"]},
           extra={"deep": [1, None]}, when=when).save()
    found = thread.get("ann", "first", consistent_read=True)
    assert (found.views, found.tags, found.when) == (3, {"x", "y"}, when)
    assert found.author.name == "Ann" and found.author.links == ["l1"] and found.extra == {"deep": [1, None]}
    with pytest.raises(DoesNotExist):
        thread.get("ann", "none")


def test_updates_and_conditions(models):
    thread, _ = models
    subject = thread("bob", "counted", forum="b", views=1)
    subject.save(thread.author_name.does_not_exist())
    with pytest.raises(PutError) as refused:
        subject.save(thread.author_name.does_not_exist())
    assert refused.value.cause_response_code == "ConditionalCheckFailedException"
    subject.update(actions=[thread.views.add(4), thread.tags.set({"t"}), thread.forum.set("bb")],
                   condition=thread.views == 1)
    subject.refresh()
    assert (subject.views, subject.tags, subject.forum) == (5, {"t"}, "bb")
    subject.update(actions=[thread.tags.remove()])
    subject.refresh()
    assert subject.tags is None


def test_queries_pages_and_indexes(models):
    thread, _ = models
    with thread.batch_write() as batch:
        for number in range(60):
            batch.save(thread("cat", f"s{number:03}", forum="paged", views=number))
    assert len(list(thread.query("cat", thread.subject.startswith("s01")))) == 10
    pages = thread.query("cat", page_size=7, filter_condition=thread.views >= 30, scan_index_forward=False)
    assert [t.views for t in pages] == list(range(59, 29, -1))
    found = thread.by_forum.query("paged", thread.views.between(10, 12))
    assert [t.subject for t in found] == ["s010", "s011", "s012"]
    assert thread.count("cat") == 60
    assert len(list(thread.batch_get([("cat", "s001"), ("cat", "s002"), ("cat", "zzz")]))) == 2
    assert sum(1 for _ in thread.scan(thread.forum == "paged", segment=0, total_segments=1)) == 60


def test_versions_and_transactions(models, stack):
    thread, counter = models
    first = counter("c")
    first.save()
    second = counter.get("c")
    first.update(actions=[counter.value.add(1)])
    with pytest.raises(Exception):
        second.update(actions=[counter.value.add(1)])
    connection = Connection(host=stack.endpoint, region="us-east-1")
    with TransactWrite(connection=connection) as transaction:
        transaction.save(counter("t1"))
        transaction.save(thread("tx", "one", views=1))
    with pytest.raises(TransactWriteError) as failed:
        with TransactWrite(connection=connection) as transaction:
            transaction.save(counter("t2"))
            transaction.condition_check(thread, "tx", "one", condition=thread.views == 99)
    # pynamodb sends its checks before its puts.
    assert [reason.code if reason else None for reason in failed.value.cancellation_reasons] == [
        "ConditionalCheckFailed", None]
    with TransactGet(connection=connection) as transaction:
        one = transaction.get(counter, "t1")
        two = transaction.get(thread, "tx", "one")
    assert one.get().name == "t1" and two.get().views == 1
    with pytest.raises(DoesNotExist):
        counter.get("t2")
