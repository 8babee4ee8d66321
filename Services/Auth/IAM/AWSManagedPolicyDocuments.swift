/// AWS's own policies that applications name most, with the statements that concern services of the serverless stack.
///
/// Data, one entry a policy, in the order of names; longer than a file of code should be for that reason alone.
/// `ReadOnlyAccess`, `SecurityAudit` and `CloudFrontFullAccess` leave out services that Apus has no part of.
///
/// [Reference](https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html)
enum AWSManagedPolicyDocuments {
    struct Entry: Sendable {
        let path: String
        let name: String
        let document: String
    }

    static let all: [Entry] = [
        Entry(
            path: "/", name: "AdministratorAccess",
            document: #"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}
                """#),
        Entry(
            path: "/", name: "AmazonAPIGatewayAdministrator",
            document: #"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["apigateway:*"],
                "Resource":"arn:aws:apigateway:*::/*"}]}
                """#),
        Entry(
            path: "/", name: "AmazonAPIGatewayInvokeFullAccess",
            document: #"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["execute-api:Invoke",
                "execute-api:ManageConnections"],"Resource":"arn:aws:execute-api:*:*:*"}]}
                """#),
        Entry(
            path: "/service-role/", name: "AmazonAPIGatewayPushToCloudWatchLogs",
            document: #"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["logs:CreateLogGroup",
                "logs:CreateLogStream","logs:DescribeLogGroups","logs:DescribeLogStreams","logs:PutLogEvents",
                "logs:GetLogEvents","logs:FilterLogEvents"],"Resource":"*"}]}
                """#),
        Entry(
            path: "/", name: "AmazonCognitoPowerUser",
            document: #"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["cognito-identity:*",
                "cognito-idp:*","cognito-sync:*","iam:ListRoles","iam:ListOpenIdConnectProviders","iam:GetRole",
                "iam:ListSAMLProviders","iam:GetSAMLProvider","kinesis:ListStreams","lambda:GetPolicy",
                "lambda:ListFunctions","sns:GetSMSSandboxAccountStatus","sns:ListPlatformApplications",
                "ses:ListIdentities","ses:GetIdentityVerificationAttributes","mobiletargeting:GetApps",
                "acm:ListCertificates"],"Resource":"*"}]}
                """#),
        Entry(
            path: "/", name: "AmazonCognitoReadOnly",
            document: #"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["cognito-identity:Describe*",
                "cognito-identity:Get*","cognito-identity:List*","cognito-idp:Describe*",
                "cognito-idp:AdminGet*","cognito-idp:AdminList*","cognito-idp:List*","cognito-idp:Get*",
                "cognito-sync:Describe*","cognito-sync:Get*","cognito-sync:List*",
                "iam:ListOpenIdConnectProviders","iam:ListRoles","sns:ListPlatformApplications"],
                "Resource":"*"}]}
                """#),
        Entry(
            path: "/", name: "AmazonDynamoDBFullAccess",
            document: #"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["dynamodb:*","dax:*",
                "application-autoscaling:DeleteScalingPolicy",
                "application-autoscaling:DeregisterScalableTarget",
                "application-autoscaling:DescribeScalableTargets",
                "application-autoscaling:DescribeScalingActivities",
                "application-autoscaling:DescribeScalingPolicies","application-autoscaling:PutScalingPolicy",
                "application-autoscaling:RegisterScalableTarget","cloudwatch:DeleteAlarms",
                "cloudwatch:DescribeAlarmHistory","cloudwatch:DescribeAlarms",
                "cloudwatch:DescribeAlarmsForMetric","cloudwatch:GetMetricStatistics","cloudwatch:ListMetrics",
                "cloudwatch:PutMetricAlarm","cloudwatch:GetMetricData","iam:GetRole","iam:ListRoles",
                "kms:DescribeKey","kms:ListAliases","sns:CreateTopic","sns:DeleteTopic","sns:ListSubscriptions",
                "sns:ListSubscriptionsByTopic","sns:ListTopics","sns:Subscribe","sns:Unsubscribe",
                "sns:SetTopicAttributes","lambda:CreateFunction","lambda:ListFunctions",
                "lambda:ListEventSourceMappings","lambda:CreateEventSourceMapping",
                "lambda:DeleteEventSourceMapping","lambda:GetFunctionConfiguration","lambda:DeleteFunction",
                "resource-groups:ListGroups","resource-groups:ListGroupResources","resource-groups:GetGroup",
                "resource-groups:GetGroupQuery","resource-groups:DeleteGroup","resource-groups:CreateGroup",
                "tag:GetResources","kinesis:ListStreams","kinesis:DescribeStream",
                "kinesis:DescribeStreamSummary"],"Resource":"*"}]}
                """#),
        Entry(
            path: "/", name: "AmazonDynamoDBReadOnlyAccess",
            document: #"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow",
                "Action":["application-autoscaling:DescribeScalableTargets",
                "application-autoscaling:DescribeScalingActivities",
                "application-autoscaling:DescribeScalingPolicies","cloudwatch:DescribeAlarmHistory",
                "cloudwatch:DescribeAlarms","cloudwatch:DescribeAlarmsForMetric",
                "cloudwatch:GetMetricStatistics","cloudwatch:ListMetrics","cloudwatch:GetMetricData",
                "dynamodb:BatchGetItem","dynamodb:Describe*","dynamodb:List*","dynamodb:GetAbacStatus",
                "dynamodb:GetItem","dynamodb:GetResourcePolicy","dynamodb:Query","dynamodb:Scan",
                "dynamodb:PartiQLSelect","dax:Describe*","dax:List*","dax:GetItem","dax:BatchGetItem",
                "dax:Query","dax:Scan","iam:GetRole","iam:ListRoles","kms:DescribeKey","kms:ListAliases",
                "sns:ListSubscriptionsByTopic","sns:ListTopics","lambda:ListFunctions",
                "lambda:ListEventSourceMappings","lambda:GetFunctionConfiguration","tag:GetResources",
                "kinesis:ListStreams","kinesis:DescribeStream","kinesis:DescribeStreamSummary"],
                "Resource":"*"}]}
                """#),
        Entry(
            path: "/", name: "AmazonEventBridgeFullAccess",
            document: #"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["events:*","schemas:*",
                "scheduler:*","pipes:*"],"Resource":"*"}]}
                """#),
        Entry(
            path: "/", name: "AmazonKinesisFullAccess",
            document: #"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"kinesis:*","Resource":"*"}]}
                """#),
        Entry(
            path: "/", name: "AmazonKinesisReadOnlyAccess",
            document: #"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["kinesis:Get*","kinesis:List*",
                "kinesis:Describe*"],"Resource":"*"}]}
                """#),
        Entry(
            path: "/", name: "AmazonS3FullAccess",
            document: #"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:*","s3-object-lambda:*"],
                "Resource":"*"}]}
                """#),
        Entry(
            path: "/", name: "AmazonS3ReadOnlyAccess",
            document: #"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:Get*","s3:List*",
                "s3:Describe*","s3-object-lambda:Get*","s3-object-lambda:List*"],"Resource":"*"}]}
                """#),
        Entry(
            path: "/", name: "AmazonSESFullAccess",
            document: #"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["ses:*"],"Resource":"*"}]}
                """#),
        Entry(
            path: "/", name: "AmazonSESReadOnlyAccess",
            document: #"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["ses:Get*","ses:List*",
                "ses:BatchGetMetricData"],"Resource":"*"}]}
                """#),
        Entry(
            path: "/", name: "AmazonSNSFullAccess",
            document: #"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["sns:*"],"Resource":"*"}]}
                """#),
        Entry(
            path: "/", name: "AmazonSNSReadOnlyAccess",
            document: #"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["sns:GetTopicAttributes",
                "sns:List*"],"Resource":"*"}]}
                """#),
        Entry(
            path: "/", name: "AmazonSQSFullAccess",
            document: #"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["sqs:*"],"Resource":"*"}]}
                """#),
        Entry(
            path: "/", name: "AmazonSQSReadOnlyAccess",
            document: #"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["sqs:GetQueueAttributes",
                "sqs:GetQueueUrl","sqs:ListDeadLetterSourceQueues","sqs:ListQueues","sqs:ListMessageMoveTasks",
                "sqs:ListQueueTags"],"Resource":"*"}]}
                """#),
        Entry(
            path: "/", name: "AmazonSSMFullAccess",
            document: #"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["cloudwatch:PutMetricData",
                "ssm:*"],"Resource":"*"}]}
                """#),
        Entry(
            path: "/", name: "AmazonSSMReadOnlyAccess",
            document: #"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["ssm:Describe*","ssm:Get*",
                "ssm:List*"],"Resource":"*"}]}
                """#),
        Entry(
            path: "/", name: "AWSLambda_FullAccess",
            document: #"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow",
                "Action":["cloudformation:DescribeStacks","cloudformation:ListStackResources",
                "cloudwatch:ListMetrics","cloudwatch:GetMetricData","kms:ListAliases","iam:GetPolicy",
                "iam:GetPolicyVersion","iam:GetRole","iam:GetRolePolicy","iam:ListAttachedRolePolicies",
                "iam:ListRolePolicies","iam:ListRoles","lambda:*","logs:DescribeLogGroups",
                "states:DescribeStateMachine","states:ListStateMachines","tag:GetResources",
                "xray:GetTraceSummaries","xray:BatchGetTraces"],"Resource":"*"},{"Effect":"Allow",
                "Action":"iam:PassRole","Resource":"*",
                "Condition":{"StringEquals":{"iam:PassedToService":"lambda.amazonaws.com"}}},{"Effect":"Allow",
                "Action":["logs:DescribeLogStreams","logs:GetLogEvents","logs:FilterLogEvents"],
                "Resource":"arn:aws:logs:*:*:log-group:/aws/lambda/*"}]}
                """#),
        Entry(
            path: "/", name: "AWSLambda_ReadOnlyAccess",
            document: #"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["cloudwatch:GetMetricData",
                "cloudwatch:ListMetrics","iam:GetPolicy","iam:GetPolicyVersion","iam:GetRole",
                "iam:GetRolePolicy","iam:ListAttachedRolePolicies","iam:ListRolePolicies","iam:ListRoles",
                "kms:ListAliases","lambda:Get*","lambda:List*","logs:DescribeLogGroups",
                "states:DescribeStateMachine","states:ListStateMachines","tag:GetResources"],"Resource":"*"},
                {"Effect":"Allow","Action":["logs:DescribeLogStreams","logs:GetLogEvents",
                "logs:FilterLogEvents"],"Resource":"arn:aws:logs:*:*:log-group:/aws/lambda/*"}]}
                """#),
        Entry(
            path: "/service-role/", name: "AWSLambdaBasicExecutionRole",
            document: #"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["logs:CreateLogGroup",
                "logs:CreateLogStream","logs:PutLogEvents"],"Resource":"*"}]}
                """#),
        Entry(
            path: "/service-role/", name: "AWSLambdaDynamoDBExecutionRole",
            document: #"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["dynamodb:DescribeStream",
                "dynamodb:GetRecords","dynamodb:GetShardIterator","dynamodb:ListStreams","logs:CreateLogGroup",
                "logs:CreateLogStream","logs:PutLogEvents"],"Resource":"*"}]}
                """#),
        Entry(
            path: "/", name: "AWSLambdaExecute",
            document: #"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["logs:*"],
                "Resource":"arn:aws:logs:*:*:*"},{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],
                "Resource":"arn:aws:s3:::*"}]}
                """#),
        Entry(
            path: "/", name: "AWSLambdaInvocation-DynamoDB",
            document: #"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["lambda:InvokeFunction"],
                "Resource":"*"},{"Effect":"Allow","Action":["dynamodb:DescribeStream","dynamodb:GetRecords",
                "dynamodb:GetShardIterator","dynamodb:ListStreams"],"Resource":"*"}]}
                """#),
        Entry(
            path: "/service-role/", name: "AWSLambdaKinesisExecutionRole",
            document: #"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["kinesis:DescribeStream",
                "kinesis:DescribeStreamSummary","kinesis:GetRecords","kinesis:GetShardIterator",
                "kinesis:ListShards","kinesis:ListStreams","kinesis:SubscribeToShard","logs:CreateLogGroup",
                "logs:CreateLogStream","logs:PutLogEvents"],"Resource":"*"}]}
                """#),
        Entry(
            path: "/service-role/", name: "AWSLambdaRole",
            document: #"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["lambda:InvokeFunction"],
                "Resource":"*"}]}
                """#),
        Entry(
            path: "/service-role/", name: "AWSLambdaSQSQueueExecutionRole",
            document: #"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["sqs:ReceiveMessage",
                "sqs:DeleteMessage","sqs:GetQueueAttributes","logs:CreateLogGroup","logs:CreateLogStream",
                "logs:PutLogEvents"],"Resource":"*"}]}
                """#),
        Entry(
            path: "/service-role/", name: "AWSLambdaVPCAccessExecutionRole",
            document: #"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["logs:CreateLogGroup",
                "logs:CreateLogStream","logs:PutLogEvents","ec2:CreateNetworkInterface",
                "ec2:DescribeNetworkInterfaces","ec2:DescribeSubnets","ec2:DeleteNetworkInterface",
                "ec2:AssignPrivateIpAddresses","ec2:UnassignPrivateIpAddresses"],"Resource":"*"}]}
                """#),
        Entry(
            path: "/", name: "AWSStepFunctionsFullAccess",
            document: #"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"states:*","Resource":"*"}]}
                """#),
        Entry(
            path: "/", name: "AWSStepFunctionsReadOnlyAccess",
            document: #"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["states:ListStateMachines",
                "states:ListActivities","states:DescribeStateMachine","states:DescribeStateMachineForExecution",
                "states:ListExecutions","states:DescribeExecution","states:GetExecutionHistory",
                "states:DescribeActivity"],"Resource":"*"}]}
                """#),
        Entry(
            path: "/", name: "AWSXRayDaemonWriteAccess",
            document: #"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["xray:PutTraceSegments",
                "xray:PutTelemetryRecords","xray:GetSamplingRules","xray:GetSamplingTargets",
                "xray:GetSamplingStatisticSummaries"],"Resource":"*"}]}
                """#),
        Entry(
            path: "/", name: "AWSXrayFullAccess",
            document: #"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["xray:*"],"Resource":"*"}]}
                """#),
        Entry(
            path: "/", name: "AWSXrayReadOnlyAccess",
            document: #"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["xray:GetSamplingRules",
                "xray:GetSamplingTargets","xray:GetSamplingStatisticSummaries","xray:BatchGetTraces",
                "xray:GetServiceGraph","xray:GetTraceGraph","xray:GetTraceSummaries","xray:GetGroups",
                "xray:GetGroup"],"Resource":"*"}]}
                """#),
        Entry(
            path: "/", name: "CloudFrontFullAccess",
            document: #"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:ListAllMyBuckets"],
                "Resource":"arn:aws:s3:::*"},{"Effect":"Allow","Action":["acm:ListCertificates","cloudfront:*",
                "iam:ListServerCertificates","waf:ListWebACLs","waf:GetWebACL","wafv2:ListWebACLs",
                "wafv2:GetWebACL","kinesis:ListStreams"],"Resource":"*"}]}
                """#),
        Entry(
            path: "/", name: "CloudWatchFullAccess",
            document: #"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["autoscaling:Describe*",
                "cloudwatch:*","logs:*","sns:*","iam:GetPolicy","iam:GetPolicyVersion","iam:GetRole",
                "oam:ListSinks"],"Resource":"*"}]}
                """#),
        Entry(
            path: "/", name: "CloudWatchLogsFullAccess",
            document: #"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["logs:*"],"Resource":"*"}]}
                """#),
        Entry(
            path: "/", name: "CloudWatchLogsReadOnlyAccess",
            document: #"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["logs:Describe*","logs:Get*",
                "logs:List*","logs:StartQuery","logs:StopQuery","logs:TestMetricFilter","logs:FilterLogEvents"],
                "Resource":"*"}]}
                """#),
        Entry(
            path: "/", name: "CloudWatchReadOnlyAccess",
            document: #"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["autoscaling:Describe*",
                "cloudwatch:Describe*","cloudwatch:Get*","cloudwatch:List*","logs:Get*","logs:List*",
                "logs:StartQuery","logs:StopQuery","logs:Describe*","logs:TestMetricFilter",
                "logs:FilterLogEvents","sns:Get*","sns:List*"],"Resource":"*"}]}
                """#),
        Entry(
            path: "/", name: "IAMFullAccess",
            document: #"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iam:*",
                "organizations:DescribeAccount","organizations:DescribeOrganization",
                "organizations:DescribeOrganizationalUnit","organizations:DescribePolicy",
                "organizations:ListChildren","organizations:ListParents","organizations:ListPoliciesForTarget",
                "organizations:ListRoots","organizations:ListPolicies","organizations:ListTargetsForPolicy"],
                "Resource":"*"}]}
                """#),
        Entry(
            path: "/", name: "IAMReadOnlyAccess",
            document: #"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iam:GenerateCredentialReport",
                "iam:GenerateServiceLastAccessedDetails","iam:Get*","iam:List*","iam:SimulateCustomPolicy",
                "iam:SimulatePrincipalPolicy"],"Resource":"*"}]}
                """#),
        Entry(
            path: "/", name: "IAMUserChangePassword",
            document: #"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iam:ChangePassword"],
                "Resource":["arn:aws:iam::*:user/${aws:username}"]},{"Effect":"Allow",
                "Action":["iam:GetAccountPasswordPolicy"],"Resource":"*"}]}
                """#),
        Entry(
            path: "/", name: "PowerUserAccess",
            document: #"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","NotAction":["iam:*","organizations:*",
                "account:*"],"Resource":"*"},{"Effect":"Allow","Action":["account:GetAccountInformation",
                "account:GetPrimaryEmail","account:ListRegions","iam:CreateServiceLinkedRole",
                "iam:DeleteServiceLinkedRole","iam:ListRoles","organizations:DescribeOrganization"],
                "Resource":"*"}]}
                """#),
        Entry(
            path: "/", name: "ReadOnlyAccess",
            document: #"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["apigateway:GET",
                "cloudformation:Describe*","cloudformation:Get*","cloudformation:List*","cloudfront:Get*",
                "cloudfront:List*","cloudwatch:Describe*","cloudwatch:Get*","cloudwatch:List*",
                "cognito-identity:Describe*","cognito-identity:Get*","cognito-identity:List*",
                "cognito-idp:AdminGet*","cognito-idp:AdminList*","cognito-idp:Describe*","cognito-idp:Get*",
                "cognito-idp:List*","cognito-sync:Describe*","cognito-sync:Get*","cognito-sync:List*",
                "dynamodb:BatchGet*","dynamodb:Describe*","dynamodb:Get*","dynamodb:List*",
                "dynamodb:PartiQLSelect","dynamodb:Query","dynamodb:Scan","events:Describe*","events:List*",
                "events:Test*","iam:Generate*","iam:Get*","iam:List*","iam:Simulate*","kinesis:Describe*",
                "kinesis:Get*","kinesis:List*","kms:Describe*","kms:Get*","kms:List*","lambda:Get*",
                "lambda:List*","logs:Describe*","logs:FilterLogEvents","logs:Get*","logs:List*",
                "logs:StartQuery","logs:StopQuery","route53:Get*","route53:List*","s3:DescribeJob","s3:Get*",
                "s3:List*","scheduler:Get*","scheduler:List*","secretsmanager:Describe*",
                "secretsmanager:GetResourcePolicy","secretsmanager:List*","ses:Describe*","ses:Get*",
                "ses:List*","sns:Get*","sns:List*","sqs:Get*","sqs:List*","sqs:ReceiveMessage","ssm:Describe*",
                "ssm:Get*","ssm:List*","states:Describe*","states:Get*","states:List*","sts:GetCallerIdentity",
                "tag:Get*","xray:BatchGet*","xray:Get*"],"Resource":"*"}]}
                """#),
        Entry(
            path: "/", name: "SecretsManagerReadWrite",
            document: #"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["secretsmanager:*",
                "cloudformation:CreateChangeSet","cloudformation:DescribeChangeSet",
                "cloudformation:DescribeStackResource","cloudformation:DescribeStacks",
                "cloudformation:ExecuteChangeSet","kms:DescribeKey","kms:ListAliases","kms:ListKeys",
                "lambda:ListFunctions","tag:GetResources"],"Resource":"*"}]}
                """#),
        Entry(
            path: "/", name: "SecurityAudit",
            document: #"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iam:GenerateCredentialReport",
                "iam:Get*","iam:List*","s3:GetBucket*","s3:GetAccountPublicAccessBlock","s3:ListAllMyBuckets",
                "lambda:GetPolicy","lambda:List*","sns:GetTopicAttributes","sns:List*","sqs:GetQueueAttributes",
                "sqs:List*","dynamodb:Describe*","dynamodb:ListTables","logs:Describe*","kms:Describe*",
                "kms:Get*","kms:List*"],"Resource":"*"}]}
                """#),
    ]
}
