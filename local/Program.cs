return await CaptureFlow.Local.CommandLine.CaptureFlowCommand.RunAsync(args);
