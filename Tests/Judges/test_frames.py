"""Tables in buckets: pyarrow, polars, Delta Lake and Iceberg, each by an S3 client of its own."""

import concurrent.futures
import multiprocessing

import deltalake
import polars
import pyarrow
import pyarrow.compute
import pyarrow.dataset
import pyarrow.fs
import pyarrow.parquet
import pytest

from conftest import bytes_of

ROWS = 200_000


def options(stack, **more):
    """As Rust's `object_store` wants them."""
    return {"aws_access_key_id": stack.key, "aws_secret_access_key": stack.secret, "aws_region": "us-east-1",
            "aws_endpoint_url": stack.endpoint, "aws_allow_http": "true"} | more


def table(rows=ROWS):
    return pyarrow.table({
        "id": range(rows), "group": [n % 5 for n in range(rows)], "name": [f"name {n * 7919 % rows}" for n in range(rows)],
        "value": [n * 0.5 for n in range(rows)]})


@pytest.fixture
def arrow(stack):
    return pyarrow.fs.S3FileSystem(
        access_key=stack.key, secret_key=stack.secret, region="us-east-1",
        endpoint_override=stack.endpoint.removeprefix("http://"), scheme="http", allow_bucket_creation=True,
        allow_bucket_deletion=True)


def test_pyarrow(arrow, bucket, count):
    given = table()
    pyarrow.parquet.write_table(given, f"{bucket}/one.parquet", filesystem=arrow, row_group_size=20_000)
    assert pyarrow.parquet.read_table(f"{bucket}/one.parquet", filesystem=arrow).equals(given)
    some = pyarrow.parquet.read_table(
        f"{bucket}/one.parquet", filesystem=arrow, columns=["name"], filters=[("id", ">=", ROWS - 10)])
    assert some.num_rows == 10 and some.column_names == ["name"]

    pyarrow.dataset.write_dataset(
        given, f"{bucket}/set", filesystem=arrow, format="parquet", max_rows_per_file=10_000, max_rows_per_group=10_000,
        partitioning=pyarrow.dataset.partitioning(pyarrow.schema([("group", pyarrow.int64())]), flavor="hive"))
    read = pyarrow.dataset.dataset(f"{bucket}/set", filesystem=arrow, partitioning="hive")
    assert read.count_rows() == ROWS and len(read.files) == 20
    assert read.to_table(filter=pyarrow.compute.field("group") == 3).num_rows == ROWS // 5

    data = bytes_of("arrow", 27 << 20)
    with arrow.open_output_stream(f"{bucket}/dir/large", metadata={"Content-Type": "text/x-cat"}) as out:
        for start in range(0, len(data), 1 << 20):
            out.write(data[start:start + (1 << 20)])
    with arrow.open_input_file(f"{bucket}/dir/large") as file:
        assert file.size() == len(data) and file.read_at(100, 11 << 20) == data[11 << 20:(11 << 20) + 100]
        described = file.metadata()
        assert described["Content-Type"] == b"text/x-cat", described
        assert file.read() == data
    arrow.copy_file(f"{bucket}/dir/large", f"{bucket}/dir/copied")
    arrow.move(f"{bucket}/dir/copied", f"{bucket}/dir/moved")
    infos = arrow.get_file_info(pyarrow.fs.FileSelector(f"{bucket}/dir"))
    assert sorted(info.base_name for info in infos) == ["large", "moved"]
    arrow.create_dir(f"{bucket}/empty/inner", recursive=True)
    assert arrow.get_file_info(f"{bucket}/empty/inner").type == pyarrow.fs.FileType.Directory
    assert arrow.get_file_info(f"{bucket}/none").type == pyarrow.fs.FileType.NotFound
    with pytest.raises(FileNotFoundError):
        arrow.open_input_file(f"{bucket}/none")
    arrow.delete_dir_contents(f"{bucket}/set")
    everything = arrow.get_file_info(pyarrow.fs.FileSelector(bucket, recursive=True))
    assert not [info for info in everything if info.path.startswith(f"{bucket}/set/")]
    arrow.create_dir(f"{bucket}-made")
    arrow.delete_dir(f"{bucket}-made")
    count("pyarrow", pyarrow.__version__, rows=ROWS, files=24)


def test_polars(stack, bucket, count):
    frame, storage = polars.from_arrow(table()), options(stack)
    frame.write_parquet(f"s3://{bucket}/one.parquet", storage_options=storage)
    scan = polars.scan_parquet(f"s3://{bucket}/one.parquet", storage_options=storage)
    assert scan.collect().equals(frame)
    assert scan.filter(polars.col("id") < 100).select("name").collect().height == 100
    frame.lazy().sink_parquet(
        polars.PartitionBy(f"s3://{bucket}/parts/", key="group"), storage_options=storage, mkdir=True)
    parts = polars.scan_parquet(f"s3://{bucket}/parts/**/*.parquet", storage_options=storage, hive_partitioning=True)
    assert parts.collect().height == ROWS
    assert parts.filter(polars.col("group") == 2).select(polars.len()).collect().item() == ROWS // 5
    frame.lazy().sink_csv(f"s3://{bucket}/one.csv", storage_options=storage)
    assert polars.scan_csv(f"s3://{bucket}/one.csv", storage_options=storage).collect().equals(frame)
    frame.lazy().sink_ndjson(f"s3://{bucket}/one.ndjson", storage_options=storage)
    assert polars.scan_ndjson(f"s3://{bucket}/one.ndjson", storage_options=storage).collect().height == ROWS
    frame.lazy().sink_ipc(f"s3://{bucket}/one.arrow", storage_options=storage)
    assert polars.scan_ipc(f"s3://{bucket}/one.arrow", storage_options=storage).collect().equals(frame)
    with pytest.raises(Exception, match="(?i)not.?found|404|expanded paths were empty"):
        polars.scan_parquet(f"s3://{bucket}/none.parquet", storage_options=storage).collect()
    count("polars", polars.__version__, rows=ROWS, files=9)


def append(address, storage, writer, commits):
    """One of many writers, in a process of its own."""
    for number in range(commits):
        rows = pyarrow.table({"writer": [writer], "number": [number]})
        deltalake.write_deltalake(
            address, rows, mode="append", storage_options=storage,
            commit_properties=deltalake.CommitProperties(max_commit_retries=1000))


def test_writers_of_a_delta_table_lose_no_commit(stack, bucket, count):
    address, storage, writers, commits = f"s3://{bucket}/table", options(stack), 8, 12
    deltalake.write_deltalake(
        address, pyarrow.table({"writer": [-1], "number": [-1]}), storage_options=storage)
    context = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(writers, mp_context=context) as pool:
        for done in [pool.submit(append, address, storage, writer, commits) for writer in range(writers)]:
            done.result()
    written = deltalake.DeltaTable(address, storage_options=storage)
    rows = written.to_pyarrow_table().to_pylist()
    assert {(row["writer"], row["number"]) for row in rows if row["writer"] >= 0} == {
        (writer, number) for writer in range(writers) for number in range(commits)}
    assert len(rows) == writers * commits + 1
    appends = [entry for entry in written.history() if entry["operation"] == "WRITE"]
    assert written.version() >= writers * commits and len(appends) == writers * commits + 1
    count("deltalake", deltalake.__version__, commits=len(appends), writers=writers)


def test_delta_tables_change(stack, bucket, count):
    address, storage = f"s3://{bucket}/table", options(stack)
    deltalake.write_deltalake(address, table(20_000), partition_by=["group"], storage_options=storage)
    written = deltalake.DeltaTable(address, storage_options=storage)
    written.delete("id < 1000")
    written.update(updates={"name": "'new'"}, predicate="id = 5000")
    changes = pyarrow.table({"id": [6000, 999_999], "group": [0, 4], "name": ["a", "b"], "value": [1.0, 2.0]})
    written.merge(changes, "s.id = t.id", source_alias="s", target_alias="t").when_matched_update_all() \
        .when_not_matched_insert_all().execute()
    written.create_checkpoint()
    written.optimize.compact()
    rows = deltalake.DeltaTable(address, storage_options=storage).to_pyarrow_table()
    names = dict(zip(rows["id"].to_pylist(), rows["name"].to_pylist()))
    assert len(names) == 19_001 and names[5000] == "new" and names[6000] == "a" and names[999_999] == "b"
    assert deltalake.DeltaTable(address, version=0, storage_options=storage).to_pyarrow_table().num_rows == 20_000
    removed = written.vacuum(retention_hours=0, enforce_retention_duration=False, dry_run=False)
    assert removed and deltalake.DeltaTable(address, storage_options=storage).to_pyarrow_table().num_rows == 19_001
    count("deltalake", deltalake.__version__, versions=written.version() + 1, vacuumed=len(removed))


def test_iceberg(stack, bucket, tmp_path, count):
    import pyiceberg
    from pyiceberg.catalog.sql import SqlCatalog

    for implementation in ("pyiceberg.io.pyarrow.PyArrowFileIO", "pyiceberg.io.fsspec.FsspecFileIO"):
        catalog = SqlCatalog(implementation[-12:], **{
            "uri": f"sqlite:///{tmp_path}/{implementation}.db", "warehouse": f"s3://{bucket}/{implementation}",
            "py-io-impl": implementation, "s3.endpoint": stack.endpoint, "s3.access-key-id": stack.key,
            "s3.secret-access-key": stack.secret, "s3.region": "us-east-1"})
        catalog.create_namespace("n")
        given = table(10_000)
        made = catalog.create_table("n.t", given.schema)
        for _ in range(3):
            made.append(given)
        made.delete("id < 5000")
        assert catalog.load_table("n.t").scan().to_arrow().num_rows == 15_000
        assert made.scan(row_filter="id == 7000").to_arrow().num_rows == 3
    count("pyiceberg", pyiceberg.__version__, snapshots=8)
