//! The files of a sample: their names and first lines.

use crate::row::ORDER_LINES_HEADER;

/// A file of the sample. Those of the truth are for scoring; no pipeline reads them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SampleFile {
    /// What was sold.
    OrderLines,
    /// What was sold on the last days, where [`split_last_days`](crate::SampleParams::split_last_days) asks for it.
    OrderLinesNew,
    /// Who bought: one row a key.
    Customers,
    /// What there is to buy, and what it costs.
    Products,
    /// Campaigns.
    Campaigns,
    /// Contacts by campaigns, and calls.
    Interactions,
    /// Complaints, incidents and survey answers.
    Cases,
    /// What campaigns, carriers, claims and new customers cost.
    Costs,
    /// What people allow.
    Consents,
    /// Euros for one unit of a currency.
    Rates,
    /// Who can look after customers.
    Owners,
    /// Who must not be contacted.
    Suppressions,
    /// What is true of each person.
    TruthCustomers,
    /// Whose key is whose.
    TruthIdentity,
    /// What each campaign truly does.
    TruthCampaigns,
    /// Who was contacted, and who was left alone to compare with.
    TruthAssignments,
    /// The parameters of the processes.
    TruthParameters,
    /// What is wrong on purpose.
    TruthDefects,
    /// All of this for people.
    Readme,
}

impl SampleFile {
    /// Every file.
    pub const ALL: [Self; 19] = [
        Self::OrderLines,
        Self::OrderLinesNew,
        Self::Customers,
        Self::Products,
        Self::Campaigns,
        Self::Interactions,
        Self::Cases,
        Self::Costs,
        Self::Consents,
        Self::Rates,
        Self::Owners,
        Self::Suppressions,
        Self::TruthCustomers,
        Self::TruthIdentity,
        Self::TruthCampaigns,
        Self::TruthAssignments,
        Self::TruthParameters,
        Self::TruthDefects,
        Self::Readme,
    ];

    /// The name of the file in its folder.
    pub fn name(self) -> &'static str {
        match self {
            Self::OrderLines => "order_lines.csv",
            Self::OrderLinesNew => "order_lines_new.csv",
            Self::Customers => "customers.csv",
            Self::Products => "products.csv",
            Self::Campaigns => "campaigns.csv",
            Self::Interactions => "interactions.csv",
            Self::Cases => "cases.csv",
            Self::Costs => "costs.csv",
            Self::Consents => "consents.csv",
            Self::Rates => "rates.csv",
            Self::Owners => "owners.csv",
            Self::Suppressions => "suppressions.csv",
            Self::TruthCustomers => "truth_customers.csv",
            Self::TruthIdentity => "truth_identity.csv",
            Self::TruthCampaigns => "truth_campaigns.csv",
            Self::TruthAssignments => "truth_assignments.csv",
            Self::TruthParameters => "truth_parameters.csv",
            Self::TruthDefects => "truth_defects.csv",
            Self::Readme => "README.md",
        }
    }

    /// The first line, with its newline; nothing for the text.
    pub fn header(self) -> &'static str {
        match self {
            Self::OrderLines | Self::OrderLinesNew => ORDER_LINES_HEADER,
            Self::Customers => {
                "customer_id,customer_type,name,given_name,family_name,email,phone,birth_date,street,city,postcode,\
                 country,joined_on,household_id,company_name,tax_id\n"
            }
            Self::Products => "product_id,name,category,subcategory,brand,unit_cost,list_price,valid_from\n",
            Self::Campaigns => "campaign_id,name,channel,starts_on,ends_on,cost\n",
            Self::Interactions => "customer_id,campaign_id,occurred_at,channel,direction,kind,outcome,cost\n",
            Self::Cases => "case_id,customer_id,opened_at,closed_at,kind,score,severity,order_id,resolved\n",
            Self::Costs => "cost_id,kind,incurred_on,amount,currency,customer_id,campaign_id,channel\n",
            Self::Consents => "customer_id,channel,purpose,status,since\n",
            Self::Rates => "date,currency,rate\n",
            Self::Owners => {
                "owner_id,name,kind,territories,rfm_segments,capacity_customers,capacity_workload,active_from,\
                 active_until\n"
            }
            Self::Suppressions => "customer_id,email,phone,channel,purpose,reason,since\n",
            Self::TruthCustomers => {
                "person_id,first_key,second_key,country,joined_on,purchases_per_week,dropout_probability,\
                 mean_order_value,alive_at_end,ended_by,complaint_count,order_count,last_ordered_on,line_count,sales,\
                 returned,shipping,net_sales\n"
            }
            Self::TruthIdentity => "customer_id,person_id,variant,order_count\n",
            Self::TruthCampaigns => {
                "campaign_id,effect_from,effect_to,true_lift,treated_customers,control_customers,treated_orders,\
                 control_orders,expected_extra_orders\n"
            }
            Self::TruthAssignments => "campaign_id,person_id,customer_id,arm\n",
            Self::TruthParameters => "name,value\n",
            Self::TruthDefects => "file,line,defect,went,reason\n",
            Self::Readme => "",
        }
    }
}
