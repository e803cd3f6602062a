namespace CaptureFlow.Analysis;

/// <summary>A packet as far as what it carried is remembered: its number and its time in nanoseconds.</summary>
internal readonly record struct Moment(long Number, long Time)
{
    public static Moment Of(Packet packet) => new(packet.Number, packet.Time);
}
