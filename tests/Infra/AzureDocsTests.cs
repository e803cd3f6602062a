namespace CaptureFlow.Infra.Tests;

/// <summary>What docs/azure.md promises to a person who deploys.</summary>
public sealed class AzureDocsTests
{
    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(InfraFolder.Root, "docs", "azure.md"));

    [Fact]
    public void Steps_EachOne_NamesTheRoleThatItNeeds()
    {
        var header = Array.FindIndex(Lines, line => line.StartsWith("| # | command |", StringComparison.Ordinal));

        var steps = Lines[(header + 2)..].TakeWhile(line => line.StartsWith('|')).Select(line => line.Trim('|').Split('|').Select(cell => cell.Trim()).ToArray()).ToList();

        Assert.Equal("your role", Lines[header].Split('|')[3].Trim());
        Assert.Equal(Enumerable.Range(0, steps.Count).Select(number => $"{number}"), steps.Select(step => step[0]));
        Assert.All(steps, step => Assert.NotEqual("", step[2]));
    }

    [Theory]
    [InlineData("az keyvault secret set", "Key Vault Secrets Officer")]
    [InlineData("az storage blob download-batch", "Storage Blob Data Reader")]
    [InlineData("CaptureFlow__Access__Secrets__runbook", "Key Vault Secrets Officer")]
    [InlineData("requestedAccessTokenVersion=2", "Application Developer")]
    [InlineData("AppDependencies", "Log Analytics Reader")]
    [InlineData("Microsoft.App", "az provider register -n Microsoft.App --wait")]
    public void Document_WhatReachesData_HasItsRoleInTheSteps(string used, string needed)
    {
        Assert.Contains(Lines, line => line.Contains(used, StringComparison.Ordinal));
        Assert.Contains(Lines, line => line.StartsWith("| ", StringComparison.Ordinal) && char.IsAsciiDigit(line[2]) && line.Contains(needed, StringComparison.Ordinal));
    }
}
