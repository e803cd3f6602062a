return await CaptureFlow.Local.CommandLine.CaptureFlowCommand.RunProcessAsync(args);
