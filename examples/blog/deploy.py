"""Deploys MyBlog: a static site, a public API, welcome mails for subscribers, thumbnails of photos.

Prints what a reader needs to know as JSON.
"""

import json
import mimetypes
import os
import pathlib
import sys
from urllib.parse import urlsplit

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from deploying import LOGS, REGION, RestApi, account, client, make_function, make_role  # noqa: E402

SENDER = "blog@example.com"


def make_site():
    """A public bucket with the static pages; returns its website address."""
    bucket = f"blog-site-{account()}"
    s3 = client("s3")
    s3.create_bucket(Bucket=bucket)
    s3.put_public_access_block(
        Bucket=bucket,
        PublicAccessBlockConfiguration={
            "BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": False,
            "RestrictPublicBuckets": False,
        },
    )
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/*"},
            # Whoever may not list a bucket may not learn either that an object is missing: 403 instead of 404.
            {"Effect": "Allow", "Principal": "*", "Action": "s3:ListBucket", "Resource": f"arn:aws:s3:::{bucket}"},
        ],
    }))
    s3.put_bucket_website(Bucket=bucket, WebsiteConfiguration={
        "IndexDocument": {"Suffix": "index.html"}, "ErrorDocument": {"Key": "missing.html"},
    })
    for path in sorted((HERE / "site").rglob("*")):
        if path.is_file():
            s3.put_object(
                Bucket=bucket, Key=str(path.relative_to(HERE / "site")), Body=path.read_bytes(),
                ContentType=mimetypes.guess_type(path.name)[0] or "application/octet-stream",
                CacheControl="max-age=300",
            )
    endpoint = os.environ.get("AWS_ENDPOINT_URL")
    if not endpoint:
        return f"http://{bucket}.s3-website-{REGION}.amazonaws.com"
    port = urlsplit(endpoint).port
    return f"http://{bucket}.s3-website.localhost:{port}"


def make_table(name, key, stream=False):
    more = {"StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}} if stream else {}
    table = client("dynamodb").create_table(
        TableName=name, BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"}], **more,
    )["TableDescription"]
    client("dynamodb").get_waiter("table_exists").wait(TableName=name)
    return table


def make_api(posts, subscribers):
    role = make_role(
        "blog-api", {"Service": "lambda.amazonaws.com"},
        [
            LOGS,
            {"Effect": "Allow", "Action": ["dynamodb:GetItem", "dynamodb:Scan"], "Resource": posts["TableArn"]},
            {"Effect": "Allow", "Action": "dynamodb:PutItem", "Resource": subscribers["TableArn"]},
        ],
    )
    function = make_function("blog-api", HERE / "functions" / "api", role, {"POSTS": "Posts", "SUBSCRIBERS": "Subscribers"})
    api = RestApi("blog", function)
    api.method("GET", "/posts")
    api.method("GET", "/posts/{id}")
    api.method("POST", "/subscribers")
    return api.deploy("prod", cache_seconds=10)


def make_welcome(subscribers):
    """A function that welcomes whoever appears in the table's stream."""
    role = make_role(
        "blog-welcome", {"Service": "lambda.amazonaws.com"},
        [
            LOGS,
            {
                "Effect": "Allow", "Resource": subscribers["LatestStreamArn"],
                "Action": [
                    "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream",
                    "dynamodb:ListStreams",
                ],
            },
            {
                "Effect": "Allow", "Action": ["dynamodb:GetItem", "dynamodb:UpdateItem"],
                "Resource": subscribers["TableArn"],
            },
            {"Effect": "Allow", "Action": "ses:SendEmail", "Resource": "*"},
        ],
    )
    function = make_function(
        "blog-welcome", HERE / "functions" / "welcome", role, {"SUBSCRIBERS": "Subscribers", "SENDER": SENDER}
    )
    client("lambda").create_event_source_mapping(
        EventSourceArn=subscribers["LatestStreamArn"], FunctionName=function, StartingPosition="TRIM_HORIZON",
        BatchSize=10,
    )


def make_photos():
    """A bucket whose tag asks for smaller images."""
    bucket = f"blog-photos-{account()}"
    client("s3").create_bucket(Bucket=bucket)
    client("s3").put_bucket_tagging(
        Bucket=bucket, Tagging={"TagSet": [{"Key": "apus:thumbnails", "Value": "256 1024"}]}
    )
    return bucket


def main():
    posts = make_table("Posts", "id")
    subscribers = make_table("Subscribers", "email", stream=True)
    for number, title in enumerate(["Hello", "On swifts", "Without feet"], start=1):
        client("dynamodb").put_item(
            TableName="Posts", Item={"id": {"S": str(number)}, "title": {"S": title}, "text": {"S": f"{title}!"}}
        )
    client("ses").verify_email_identity(EmailAddress=SENDER)
    make_welcome(subscribers)
    print(json.dumps({
        "site": make_site(), "api": make_api(posts, subscribers), "photos": make_photos(), "region": REGION,
    }, indent=2))


if __name__ == "__main__":
    main()
