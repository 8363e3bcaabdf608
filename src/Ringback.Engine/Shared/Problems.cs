namespace Ringback.Engine;

/// <summary>
/// Every error that a caller can see. Engagement codes 501, 503 and 7030–7042 are those of the public widgets; 7044 and 7045 are ours.
/// </summary>
public static class Problems
{
    /// <summary>A field is missing, of the wrong type or out of range; the detail names it.</summary>
    public static readonly Problem InvalidParameters = new("request.invalid", 400, 501, "The request has invalid parameters.");

    /// <summary>The body is no JSON object.</summary>
    public static readonly Problem MalformedBody = new("request.malformed", 400, 501, "The body is not a JSON object.");

    /// <summary>The body is larger than 64 KiB.</summary>
    public static readonly Problem BodyTooLarge = new("request.too_large", 413, 501, "The body is too large.");

    /// <summary>No such address.</summary>
    public static readonly Problem UnknownPath = new("request.unknown_path", 404, 501, "There is no such call.");

    /// <summary>The address exists, the method does not.</summary>
    public static readonly Problem WrongMethod = new("request.wrong_method", 405, 501, "This call does not take that method.");

    /// <summary>The header <c>x-api-key</c> is missing or names no key.</summary>
    public static readonly Problem ApiKeyMissing = new("access.api_key", 401, 503, "A valid API key is needed.");

    /// <summary>The key lacks the right that this call needs.</summary>
    public static readonly Problem RightMissing = new("access.right", 403, 503, "The API key has no right to this call.");

    /// <summary>The header <c>Authorization</c> of a reader of <c>/metrics</c> lacks the key that the settings ask for.</summary>
    public static readonly Problem MetricsKeyMissing = new("metrics.key", 401, 503, "The metrics need their key.");

    /// <summary>Without a key in the settings, <c>/metrics</c> answers only who asks from the server's own machine.</summary>
    public static readonly Problem MetricsNotHere = new("metrics.not_here", 403, 503, "The metrics are for readers on this machine.");

    /// <summary>The phone number cannot be read as one.</summary>
    public static readonly Problem PhoneNumberInvalid = new("callback.phone_number", 400, 7030, "The phone number is not valid.");

    /// <summary>The queue does not call numbers of this country.</summary>
    public static readonly Problem NumberNotPossible = new("callback.number_not_possible", 400, 7036, "A callback to this number is not possible.");

    /// <summary>The tenant or queue has no such queue.</summary>
    public static readonly Problem QueueUnknown = new("queue.unknown", 400, 7040, "The service name is not valid or not configured.");

    /// <summary>The queue does not exist; the management API answers 404.</summary>
    public static readonly Problem QueueNotFound = new("queue.not_found", 404, 7040, "There is no such queue.");

    /// <summary>A queue of that name exists.</summary>
    public static readonly Problem QueueExists = new("queue.exists", 409, 7040, "There is a queue of that name already.");

    /// <summary>The queue cannot be deleted: callbacks are in it that are not over.</summary>
    public static readonly Problem QueueNotEmpty = new("queue.not_empty", 409, 7045, "The queue still holds callbacks.");

    /// <summary>Nothing was imported; every mistake is named by its line.</summary>
    public static readonly Problem ImportRefused = new("settings.import_refused", 400, 501, "The settings were not imported.");

    /// <summary>Somebody else changed the same settings in the meantime; nothing of this change was done.</summary>
    public static readonly Problem SettingsConflict = new("settings.conflict", 409, 501, "The settings were changed in the meantime.");

    /// <summary>The call does not fit the queue's type, such as <c>next</c> on a USERORIGINATED queue.</summary>
    public static readonly Problem QueueTypeConflict = new("queue.wrong_type", 409, 7045, "The queue is of another type.");

    /// <summary>The queue does not take this kind of callback (immediate or scheduled) at present, or does not call this number.</summary>
    public static readonly Problem CallbackNotAllowed = new("callback.not_allowed", 400, 7037, "The callback is not allowed.");

    /// <summary>Too many requests, or the number waits in this queue already.</summary>
    public static readonly Problem TooManyRequests = new("callback.too_many", 429, 7041, "Too many requests for this number or queue.");

    /// <summary>The queue is closed at the time that the callback is for.</summary>
    public static readonly Problem OfficeClosed = new("callback.office_closed", 400, 7042, "The office is closed.");

    /// <summary>The slot of the desired time is full; the answer names free ones.</summary>
    public static readonly Problem NoCapacity = new("callback.no_capacity", 429, 7041, "There is no capacity at the desired time.");

    /// <summary>No callback of that id in this tenant.</summary>
    public static readonly Problem CallbackNotFound = new("callback.not_found", 404, 7044, "There is no such callback.");

    /// <summary>No push of that notificationId in this tenant.</summary>
    public static readonly Problem PushNotFound = new("push.not_found", 404, 7044, "There is no such push.");

    /// <summary>The push cannot be sent again; the detail says why.</summary>
    public static readonly Problem PushStateConflict = new("push.state", 409, 7045, "The push cannot be sent again.");

    /// <summary>The callback's state does not allow the call.</summary>
    public static readonly Problem CallbackStateConflict = new("callback.state", 400, 7045, "The callback's state does not allow this.");

    /// <summary>No attempt of that id in this tenant.</summary>
    public static readonly Problem AttemptNotFound = new("attempt.not_found", 404, 7044, "There is no such attempt.");

    /// <summary>The attempt has ended, or has another outcome already.</summary>
    public static readonly Problem AttemptConflict = new("attempt.state", 409, 7045, "The attempt's state does not allow this.");

    /// <summary>No call-in group of that name in this tenant.</summary>
    public static readonly Problem CallInGroupUnknown = new("callin.group_unknown", 400, 7040, "The call-in group is not configured.");

    /// <summary>The callback cannot be called in for: unknown, of another kind, or not READY.</summary>
    public static readonly Problem CallInNotReady = new("callin.not_ready", 400, 7045, "The callback is not ready to be called in for.");

    /// <summary>No open call-in request fits what the caller presented.</summary>
    public static readonly Problem CallInNoMatch = new("callin.no_match", 404, 7044, "No call-in request matches.");

    /// <summary>The credentials cannot be used as they stand; the detail says which part is wrong.</summary>
    public static readonly Problem CredentialInvalid = new("credential.invalid", 400, 501, "The Firebase credentials are not usable.");

    /// <summary>Firebase refused the credentials; they were not stored.</summary>
    public static readonly Problem CredentialRefused = new("credential.refused", 409, 501, "Firebase refused the credentials.");

    /// <summary>The check of new credentials could not decide; the stored ones stay in force.</summary>
    public static readonly Problem CredentialUndecided = new("credential.undecided", 503, 500, "The Firebase credentials could not be checked.");

    /// <summary>The new credentials belong to another project than the stored ones, and the caller has not confirmed it.</summary>
    public static readonly Problem CredentialProjectChange = new("credential.project_change", 409, 501, "The Firebase credentials belong to another project.");

    /// <summary>Somebody else stored credentials in the meantime.</summary>
    public static readonly Problem CredentialConflict = new("credential.conflict", 409, 501, "The Firebase credentials were changed in the meantime.");

    /// <summary>The Firebase app is in use and cannot be deleted.</summary>
    public static readonly Problem FirebaseAppInUse = new("credential.app_in_use", 409, 501, "The Firebase app is used by a queue.");

    /// <summary>The tenant has no credentials.</summary>
    public static readonly Problem CredentialMissing = new("credential.missing", 404, 501, "No Firebase credentials are configured.");

    /// <summary>Too many tests of the credentials at once or within a few minutes.</summary>
    public static readonly Problem TestsThrottled = new("credential.tests_throttled", 429, 7041, "Too many tests of these credentials.");

    /// <summary>The master key is missing or does not open what is stored.</summary>
    public static readonly Problem CredentialSealed = new("credential.sealed", 503, 500, "The stored credentials cannot be opened.");

    /// <summary>The push service does not take a published message; sent again it would meet the same.</summary>
    public static readonly Problem PublishRefused = new("publish.refused", 400, 501, "The push service does not take the message.");

    /// <summary>A published message was not sent, or nobody knows whether it was; the detail says which.</summary>
    public static readonly Problem PublishNotSent = new("publish.not_sent", 500, 500, "The message was not sent.");

    /// <summary>The database cannot be written at present; nothing or everything of the request is done.</summary>
    public static readonly Problem StorageUnavailable = new("storage.unavailable", 503, 500, "The database cannot be reached.");

    /// <summary>The page <c>/demo</c> is switched on with a key that is unknown or may do more than a page may.</summary>
    public static readonly Problem DemoKeyUnfit = new("demo.key_unfit", 503, 503, "The key of the page /demo is not fit for it.");

    /// <summary>A bug or an unforeseen outage.</summary>
    public static readonly Problem Internal = new("internal", 500, 500, "Something went wrong on our side.");

    /// <summary>Every problem of this file.</summary>
    public static IReadOnlyList<Problem> All { get; } =
        [.. typeof(Problems).GetFields().Where(field => field.FieldType == typeof(Problem)).Select(field => (Problem)field.GetValue(null)!)];

    private static readonly Lazy<Dictionary<string, Problem>> byCode = new(() => All.ToDictionary(problem => problem.Code, StringComparer.Ordinal));

    /// <summary>The problem of that code; one that this version does not know is an internal one.</summary>
    public static Problem ByCode(string code) => byCode.Value.GetValueOrDefault(code, Internal);

    /// <summary>A fault of this kind with what to do about it.</summary>
    public static Fault With(this Problem problem, string detail) => new(problem, detail);

    /// <summary>A fault of this kind with every mistake that was found; at least one.</summary>
    public static Fault With(this Problem problem, IReadOnlyList<FieldMistake> mistakes) =>
        new(problem, string.Join(' ', mistakes.Select(mistake => mistake.Sentence))) { Mistakes = mistakes };
}
