namespace CaptureFlow.Orchestrations;

/// <summary>The stable codes of <see cref="CaptureFault"/>. A code, once released, keeps its meaning.</summary>
public static class FaultCodes
{
    public const string OrderInvalid = "order-invalid";
    public const string WindowOverPolicy = "window-over-policy";
    public const string BytesOverPolicy = "bytes-over-policy";
    public const string PayloadForbidden = "payload-forbidden";
    public const string NamespaceForbidden = "namespace-forbidden";
    public const string NodeForbidden = "node-forbidden";
    public const string NodeNotFound = "node-not-found";
    public const string MethodMissing = "method-missing";
    public const string NodeUnsuitable = "node-unsuitable";
    public const string FilterInvalid = "filter-invalid";
    public const string PodNotFound = "pod-not-found";
    public const string PodNotRunning = "pod-not-running";
    public const string WorkloadNotFound = "workload-not-found";
    public const string NoPods = "no-pods";
    public const string TooManyPods = "too-many-pods";
    public const string PortNotFound = "port-not-found";
    public const string ServiceNotFound = "service-not-found";
    public const string StorageOverLimit = "storage-over-limit";
    public const string ContainerNotFound = "container-not-found";
    public const string RightMissing = "right-missing";
    public const string AdmissionRefused = "admission-refused";
    public const string ImageUnavailable = "image-unavailable";
    public const string ContainerCrashed = "container-crashed";
    public const string TcpdumpChangesUser = "tcpdump-changes-user";
    public const string AttachTimeout = "attach-timeout";
    public const string NameTaken = "name-taken";
    public const string GrantNotEffective = "grant-not-effective";
    public const string PodGone = "pod-gone";
    public const string TapGone = "tap-gone";
    public const string TargetChanged = "target-changed";
    public const string CaptureUnfinished = "capture-unfinished";
    public const string TransferCut = "transfer-cut";
    public const string FileMismatch = "file-mismatch";
    public const string StoreRefused = "store-refused";
    public const string StoreUnavailable = "store-unavailable";
    public const string ClusterRefused = "cluster-refused";
    public const string ClusterUnknown = "cluster-unknown";
    public const string CertificateUntrusted = "certificate-untrusted";
    public const string CredentialsFailed = "credentials-failed";
    public const string ClusterUnavailable = "cluster-unavailable";
    public const string RevokeUnproven = "revoke-unproven";
    public const string StepFailed = "step-failed";
    public const string ApprovalDenied = "approval-denied";
    public const string ApprovalExpired = "approval-expired";
    public const string QuotaExceeded = "quota-exceeded";

    // Of node captures over SSH.
    public const string NodeUnsupported = "node-unsupported";
    public const string NodeRefused = "node-refused";
    public const string HostKeyUntrusted = "host-key-untrusted";
    public const string ToolboxUnavailable = "toolbox-unavailable";
    public const string NodeDiskFull = "node-disk-full";

    // Of the HTTP API alone.
    public const string KeyMissing = "key-missing";
    public const string PageRefused = "page-refused";
    public const string AddressUnknown = "address-unknown";
    public const string MethodNotAllowed = "method-not-allowed";
    public const string BodyTooSlow = "body-too-slow";
    public const string ContentTypeUnsupported = "content-type-unsupported";
    public const string BodyTooLarge = "body-too-large";
    public const string IdentityInvalid = "identity-invalid";
    public const string RoleMissing = "role-missing";
    public const string OwnApproval = "own-approval";
    public const string NotAwaitingApproval = "not-awaiting-approval";
    public const string QueryInvalid = "query-invalid";
    public const string CaptureNotFound = "capture-not-found";
    public const string CaptureEnded = "capture-ended";
    public const string FileNotFound = "file-not-found";
    public const string TriageNotMade = "triage-not-made";
    public const string IdempotencyKeyReused = "idempotency-key-reused";
    public const string AlertRefused = "alert-refused";
    public const string AlertInvalid = "alert-invalid";
}
