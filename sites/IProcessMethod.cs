namespace CaptureFlow.Sites;

/// <summary>A method that belongs to no cluster of the configuration: one for the process, swept once and not with each cluster.</summary>
internal interface IProcessMethod : ICaptureMethod;
