// PowerShell as a program, for the test of the runbook: the same arguments as pwsh, in a process of its own because the runbook reads
// environment variables.
return Microsoft.PowerShell.UnmanagedPSEntry.Start(args, args.Length);
