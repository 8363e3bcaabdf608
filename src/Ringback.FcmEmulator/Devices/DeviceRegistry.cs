using System.Diagnostics.CodeAnalysis;

namespace Ringback.FcmEmulator.Devices;

/// <summary>The registrations by token and by installation id. A deleted one stays known, so that a send to it is UNREGISTERED.</summary>
internal sealed class DeviceRegistry
{
    /// <summary>Bounds the memory; the oldest registrations are forgotten first.</summary>
    public const int MaxDevices = 100_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Device> _byTarget = new(StringComparer.Ordinal);
    private readonly Queue<string> _byAge = new();

    /// <summary>Registers or replaces, under each of its names.</summary>
    public void Register(Device device)
    {
        lock (_gate)
        {
            foreach (var name in new[] { device.Token, device.Fid })
            {
                if (name is not null)
                {
                    Put(name, device);
                }
            }
        }
    }

    public bool TryFind(string target, [NotNullWhen(true)] out Device? device)
    {
        lock (_gate)
        {
            return _byTarget.TryGetValue(target, out device);
        }
    }

    /// <summary>Marks as gone; false if the name is unknown.</summary>
    public bool MarkGone(string target)
    {
        lock (_gate)
        {
            if (!_byTarget.TryGetValue(target, out var device))
            {
                return false;
            }
            foreach (var name in new[] { device.Token, device.Fid })
            {
                if (name is not null && _byTarget.TryGetValue(name, out var same) && same == device)
                {
                    _byTarget[name] = device with { IsGone = true };
                }
            }
            return true;
        }
    }

    /// <summary>The newest, each once.</summary>
    public IReadOnlyList<Device> List(int newest)
    {
        lock (_gate)
        {
            return [.. _byAge.Reverse().Select(name => _byTarget[name]).Distinct().Take(newest)];
        }
    }

    private void Put(string name, Device device)
    {
        if (!_byTarget.ContainsKey(name))
        {
            if (_byAge.Count >= MaxDevices)
            {
                _byTarget.Remove(_byAge.Dequeue());
            }
            _byAge.Enqueue(name);
        }
        _byTarget[name] = device;
    }
}
