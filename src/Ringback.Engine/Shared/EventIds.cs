namespace Ringback.Engine;

/// <summary>Ids of log messages, a thousand for each slice: 1000 Callbacks, 2000 Delivery, 3000 Firebase, 4000 Access, 5000 Server.</summary>
public static class EventIds
{
    /// <summary>A queue's owner is ready.</summary>
    public const int QueueActivated = 1000;

    /// <summary>A commit failed or another process took the queue over.</summary>
    public const int QueueOwnerLost = 1001;

    /// <summary>The queue could not be loaded.</summary>
    public const int QueueActivationFailed = 1002;

    /// <summary>The queues with work could not be read.</summary>
    public const int QueuesUnknown = 1003;

    /// <summary>Personal data were erased for their age.</summary>
    public const int PersonalDataErased = 1020;

    /// <summary>Old rows could not be moved or erased.</summary>
    public const int HousekeepingFailed = 1021;

    /// <summary>Taken over by the push service.</summary>
    public const int PushAccepted = 2000;

    /// <summary>To be sent again.</summary>
    public const int PushRetried = 2001;

    /// <summary>Over without having been taken over.</summary>
    public const int PushEnded = 2002;

    /// <summary>The pushes of a tenant wait for its credentials.</summary>
    public const int CredentialsAwaited = 2003;

    /// <summary>The sender broke.</summary>
    public const int SendFailed = 2004;

    /// <summary>The outbox could not be read or written.</summary>
    public const int OutboxUnavailable = 2005;

    /// <summary>The process ended before every push had its answer.</summary>
    public const int DrainEnded = 2006;

    /// <summary>So many addresses died that they are no longer marked dead.</summary>
    public const int DeadMarkingStopped = 2007;

    /// <summary>Somebody sent a push again.</summary>
    public const int PushSentAgain = 2020;
}
